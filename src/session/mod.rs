//! The product without pixels: commands in, events out, frames on request.
//!
//! The engine owns the truth. A wish is checked as a whole; if anything in it is refused, nothing has changed.

mod catalog;
mod command;
mod configure;
mod event;
mod frame;
mod handover;
#[cfg(feature = "gpu")]
mod looking;
mod pace;
#[cfg(test)]
mod wire;

use std::rc::Rc;

pub use catalog::Catalog;
use command::json;
pub use command::{Command, FrameWants, SeedName};
pub use event::{
    ConfusionMatrices, Counts, EngineInfo, Event, FinishReason, FrameHead, LayerKind, LayerSummary,
    Metrics, ModelSummary, Remedy, SplitMetrics, Undefined, WrongDigitHead,
};
pub use frame::{Frame, HistoryFrame, LargeMap, LayerWeights, WrongDigits};
#[cfg(feature = "gpu")]
pub use looking::{Looked, Looking, Question};

use crate::config::read::{At, Read};
use crate::config::{Choice, Config, Mode, Named};
use crate::data::custom::finite;
use crate::data::{CustomData, Dataset, Digits, Kind, Numbers, Part, Task};
use crate::error::Error;
use crate::formula::activation::Activation;
use crate::formula::optimizer::Optimizer;
use crate::inspect;
use crate::plan::cost::{self, Limits};
use crate::train::{Ending, Evaluation, History, Run};
use pace::{Pace, Speed};

/// Figures and when they were taken.
#[derive(Debug, Clone)]
struct Measured {
    step: u64,
    epoch: f64,
    train: Evaluation,
    validation: Option<Evaluation>,
    penalty: f64,
    /// Clock when done, milliseconds.
    at: f64,
    /// Time it took, milliseconds.
    cost: f64,
    /// A weight was edited since.
    stale: bool,
}

/// The opened test set's figures.
#[derive(Debug, Clone)]
struct Revealed {
    step: u64,
    epoch: f64,
    /// Something was changed since.
    stale: bool,
    evaluation: Evaluation,
    penalty: f64,
}

/// Points as they are drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// What a row is.
    pub kind: Kind,
    /// First coordinate.
    pub x: Vec<f32>,
    /// Second coordinate; on a line the target.
    pub y: Vec<f32>,
    /// Class index or value; NaN for sealed test points.
    pub label: Vec<f32>,
    /// 0 training, 1 validation, 2 test.
    pub split: Vec<u8>,
}

/// A parameter tensor.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// `hidden.0.weight`, `output.bias`, ...
    pub name: String,
    /// `(outputs, inputs)` or `(outputs)`.
    pub shape: Vec<usize>,
    /// Row-major.
    pub data: Vec<f32>,
}

/// One playground.
pub struct Session {
    config: Config,
    dataset: Dataset,
    inputs: Rc<[f32]>,
    run: Run<f32>,
    run_number: u32,
    digits: Option<Digits>,
    custom: Option<CustomData>,
    /// The last config that was not for digits, to come back to.
    plane_config: Option<Config>,
    /// What each other family of data sets was last used with.
    fittings: Vec<((Kind, Task), configure::Fitting)>,
    pace: Option<Pace>,
    speed: Speed,
    measured: Option<Measured>,
    /// Step and epoch of the newest change of a setting or a parameter.
    changed: (u64, f64),
    test: Option<Revealed>,
    test_revealed: u32,
    grids: Vec<(usize, Rc<Vec<f32>>)>,
    spare_maps: inspect::Maps,
    limits: Limits,
}

impl Session {
    /// The playground as it opens.
    ///
    /// # Errors
    /// None in practice: the defaults fit (a test holds it).
    pub fn new() -> Result<Self, Error> {
        Self::with_config(Config::default())
    }

    /// A playground with the given config.
    ///
    /// # Errors
    /// What the config's validation refuses.
    pub fn with_config(mut config: Config) -> Result<Self, Error> {
        let (dataset, inputs) = configure::build_dataset(&config, None, None)?;
        let run = Run::new(&mut config, &dataset, Rc::clone(&inputs), None)?;
        Ok(Self {
            config,
            dataset,
            inputs,
            run,
            run_number: 1,
            digits: None,
            custom: None,
            plane_config: None,
            fittings: Vec::new(),
            pace: None,
            speed: Speed::default(),
            measured: None,
            changed: (0, 0.0),
            test: None,
            test_revealed: 0,
            grids: Vec::new(),
            spare_maps: inspect::Maps::default(),
            limits: Limits::OWN,
        })
    }

    /// What configs and looks may take from now on. The one in force stays.
    pub fn limit(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// A run of `config` within what this session may take.
    fn run_of(
        &self,
        config: &mut Config,
        dataset: &Dataset,
        inputs: &Rc<[f32]>,
    ) -> Result<Run<f32>, Error> {
        Run::within(self.limits, config, dataset, Rc::clone(inputs), None)
    }

    /// The config in force.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The run, for tests and benchmarks.
    pub fn run(&mut self) -> &mut Run<f32> {
        &mut self.run
    }

    /// Carries a command out. A refusal is an event, and nothing changed.
    pub fn handle(&mut self, command: &str, now: &dyn Fn() -> f64) -> Vec<Event> {
        match json(command, "command") {
            Ok(command) => self.handle_value(&command, now),
            Err(error) => vec![Event::Rejected {
                refusal: error.refusal(),
            }],
        }
    }

    /// The same for a command that is parsed already.
    pub fn handle_value(
        &mut self,
        command: &serde_json::Value,
        now: &dyn Fn() -> f64,
    ) -> Vec<Event> {
        let done = Command::read(&At::root(command, "command"))
            .and_then(|command| self.carry_out(command, now));
        done.unwrap_or_else(|error| {
            vec![Event::Rejected {
                refusal: error.refusal(),
            }]
        })
    }

    fn carry_out(&mut self, command: Command, now: &dyn Fn() -> f64) -> Result<Vec<Event>, Error> {
        match command {
            Command::Configure { config } => self.configure(&config),
            Command::Patch { patch } => self.patch(&patch),
            Command::ChooseDataset { dataset } => self.choose_dataset(&dataset),
            Command::NewSeed { which } => self.new_seed(&which),
            Command::Reset => self.reset(),
            Command::Play {
                steps_per_second,
                epochs_per_second,
            } => {
                let pace = Pace::new(steps_per_second, epochs_per_second, now())?;
                Ok(self.start(pace))
            }
            Command::Train { steps, epochs } => {
                let pace = Pace::until(steps, epochs, &self.run.trainer, now())?;
                Ok(self.start(pace))
            }
            Command::Pause => Ok(self.pause()),
            Command::Step { count } => {
                self.step_by("command.count", count, 100_000, now, |run| run.steps())
            }
            Command::Epoch { count } => {
                self.step_by("command.count", count, 1_000, now, |run| run.epochs())
            }
            Command::SetParameter {
                layer,
                unit,
                input,
                value,
            } => self.set_parameter(layer, unit, input, value),
            Command::RevealTest => self.reveal_test(),
        }
    }

    fn start(&mut self, pace: Pace) -> Vec<Event> {
        self.pace = Some(pace);
        self.speed.restart();
        vec![Event::Playing {
            run: self.run_number,
        }]
    }

    fn pause(&mut self) -> Vec<Event> {
        if self.pace.take().is_none() {
            return Vec::new();
        }
        vec![Event::Paused {
            run: self.run_number,
        }]
    }

    fn step_by(
        &mut self,
        field: &str,
        count: u32,
        max: u32,
        now: &dyn Fn() -> f64,
        unit: impl Fn(Amount) -> (bool, u32),
    ) -> Result<Vec<Event>, Error> {
        if !(1..=max).contains(&count) {
            let (value, max) = (count.into(), max.into());
            return Err(Error::OutOfRange {
                field: field.into(),
                value,
                min: 1.0,
                max,
            });
        }
        let mut events = self.pause();
        let (epochs, count) = unit(Amount(count));
        let start = now();
        let before = self.run.trainer.step_count();
        for _ in 0..count {
            loop {
                if let Some(ending) = self.run.step(&self.dataset) {
                    events.extend(self.finish(ending));
                    return Ok(events);
                }
                if !epochs || self.run.trainer.at_epoch_start() {
                    break;
                }
            }
        }
        self.speed
            .record(self.run.trainer.step_count() - before, now() - start);
        Ok(events)
    }

    /// Trains for at most `budget_ms` at the present pace. Empty when nothing is worth telling.
    pub fn advance(&mut self, budget_ms: f64, now: &dyn Fn() -> f64) -> Vec<Event> {
        let Some(mut pace) = self.pace.take() else {
            return Vec::new();
        };
        let start = now();
        let allowed = pace.allowance(
            start,
            self.run.trainer.steps_per_epoch(),
            self.run.trainer.step_count(),
        );
        let mut done = 0;
        let mut chunk = self.speed.chunk();
        let mut clock = start;
        while done < allowed && clock - start < budget_ms {
            for _ in 0..chunk.min(allowed - done) {
                if let Some(ending) = self.run.step(&self.dataset) {
                    self.speed.record(done, now() - start);
                    return self.finish(ending);
                }
                done += 1;
            }
            let after = now();
            // Reading the clock costs as much as a small step: read it about once a millisecond.
            if after - clock < 0.5 {
                chunk = (chunk * 2).min(4096);
            } else if after - clock > 2.0 {
                chunk = (chunk / 2).max(1);
            }
            clock = after;
        }
        self.speed.record_slice(done, clock, chunk);
        self.go_on(pace, done)
    }

    /// Pays for the steps done; the events when the goal is reached.
    fn go_on(&mut self, mut pace: Pace, done: u64) -> Vec<Event> {
        pace.spend(done);
        if pace.is_done(self.run.trainer.step_count()) {
            return vec![
                Event::Trained {
                    run: self.run_number,
                },
                Event::Paused {
                    run: self.run_number,
                },
            ];
        }
        self.pace = Some(pace);
        Vec::new()
    }

    /// Milliseconds until the pace allows another step; 0 = at once, `None` = not playing.
    pub fn wait_ms(&self, now: f64) -> Option<f64> {
        let pace = self.pace.as_ref()?;
        Some(pace.wait_ms(now, self.run.trainer.steps_per_epoch()))
    }

    fn finish(&mut self, ending: Ending) -> Vec<Event> {
        self.pace = None;
        let mut events = vec![];
        let detail = |pairs: &[(&str, f64)]| -> Named { pairs.iter().copied().collect() };
        let (reason, mut detail) = match ending {
            Ending::Epochs => (
                FinishReason::Epochs,
                detail(&[("epochs", self.config.training.stop.epochs.into())]),
            ),
            Ending::Target(value) => (FinishReason::Target, detail(&[("value", value)])),
            Ending::EarlyStopping { best, epoch } => (
                FinishReason::EarlyStopping,
                detail(&[("best", best), ("best_epoch", epoch as f64)]),
            ),
            Ending::Diverged(diverged) => {
                self.measured = None;
                let facts = [
                    ("step", diverged.step as f64),
                    ("restored_step", diverged.restored_step as f64),
                    ("learning_rate", self.run.trainer.learning_rate()),
                ];
                (FinishReason::Diverged, detail(&facts))
            }
        };
        if let Some((best, epoch)) = self.run.trainer.restored() {
            detail.insert("best", best);
            detail.insert("best_epoch", epoch as f64);
        }
        let remedies = if reason == FinishReason::Diverged {
            self.remedies()
        } else {
            Vec::new()
        };
        if reason != FinishReason::Diverged && self.config.training.stop.evaluate_test {
            // The rule was asked for with the config, so opening the seal is no surprise; it is counted all the same.
            // Without a test set there is nothing to open.
            events.extend(self.reveal_test().unwrap_or_default());
        }
        if let Some(measured) = &mut self.measured {
            measured.stale = true;
        }
        events.push(Event::Finished {
            run: self.run_number,
            step: self.run.trainer.step_count(),
            epoch: self.run.trainer.epoch(),
            reason,
            detail,
            remedies,
        });
        events.push(Event::Paused {
            run: self.run_number,
        });
        events
    }

    fn remedies(&self) -> Vec<Remedy> {
        use serde_json::json;
        let optimizer = &self.config.training.optimizer;
        let rate = optimizer.params.get("learning_rate").unwrap_or(0.01);
        // A tenth of what is far too large may be too large still: no more than the optimizer's own default.
        let usual =
            Optimizer::from_id(&optimizer.id).map_or(rate, |known| known.entry().defaults()[0]);
        let lower = (rate / 10.0).min(usual);
        let mut remedies = vec![Remedy {
            id: "lower_learning_rate".into(),
            patch: json!({"training": {"optimizer": {"learning_rate": lower}}}),
        }];
        if self.config.mode == Mode::TfPlayground {
            // It clips and scales nothing.
            return remedies;
        }
        if self.config.training.clip.id == "none" {
            remedies.push(Remedy {
                id: "clip_gradients".into(),
                patch: json!({"training": {"clip": {"id": "norm", "limit": 1.0}}}),
            });
        }
        if self.config.data.scaling.id == "none" && self.dataset.kind.can().scalable {
            remedies.push(Remedy {
                id: "scale_inputs".into(),
                patch: json!({"data": {"scaling": {"id": "standard"}}}),
            });
        }
        remedies
    }

    fn set_parameter(
        &mut self,
        layer: usize,
        unit: usize,
        input: Option<usize>,
        value: f64,
    ) -> Result<Vec<Event>, Error> {
        const MAX: f64 = 1e6;
        let range = |field: &str, value: f64, min: f64, max: f64| {
            if (min..=max).contains(&value) {
                return Ok(());
            }
            Err(Error::OutOfRange {
                field: field.into(),
                value,
                min,
                max,
            })
        };
        let network = &self.run.trainer.plan().network;
        let below = |count: usize| count.saturating_sub(1) as f64;
        range(
            "command.layer",
            layer as f64,
            0.0,
            below(network.layers.len()),
        )?;
        let layer = &network.layers[layer];
        range("command.unit", unit as f64, 0.0, below(layer.outputs))?;
        range("command.value", value, -MAX, MAX)?;
        let place = match input {
            None => layer.bias().start + unit,
            Some(input) => {
                range("command.input", input as f64, 0.0, below(layer.inputs))?;
                layer.weight().start + unit * layer.inputs + input
            }
        };
        let mut parameters = self.run.trainer.parameters().to_vec();
        let value = value as f32;
        parameters[place] = value;
        self.run.trainer.set_parameters(&parameters);
        self.mark_stale();
        Ok(Vec::new())
    }

    /// What was measured is of before: a setting or a parameter has been changed.
    fn mark_stale(&mut self) {
        self.changed = (self.run.trainer.step_count(), self.run.trainer.epoch());
        if let Some(test) = &mut self.test {
            test.stale = true;
        }
        if self.run.trainer.step_count() == 0 {
            // The curves begin with what training begins from.
            self.run.history = History::default();
        }
        if let Some(measured) = &mut self.measured {
            measured.stale = true;
        }
    }

    fn reveal_test(&mut self) -> Result<Vec<Event>, Error> {
        let evaluation = self.run.evaluate(&self.dataset, Part::Test);
        let Some(evaluation) = evaluation else {
            return Err(Error::NotNow {
                field: "test".into(),
                reason: "no_test_set",
            });
        };
        self.test_revealed += 1;
        let (step, penalty) = (self.run.trainer.step_count(), self.run.penalty());
        let first = self.test.is_none();
        self.test = Some(Revealed {
            step,
            epoch: self.run.trainer.epoch(),
            stale: false,
            evaluation,
            penalty,
        });
        Ok(if first {
            vec![Event::Points {
                run: self.run_number,
            }]
        } else {
            Vec::new()
        })
    }

    /// The data's points; sealed test points come without their label.
    pub fn points(&self) -> Points {
        points_of(&self.dataset, self.test.is_some())
    }

    /// The parameters by name.
    pub fn weights(&self) -> Vec<Tensor> {
        self.named(self.run.trainer.parameters())
    }

    fn named(&self, parameters: &[f32]) -> Vec<Tensor> {
        let tensors = self.run.trainer.plan().network.tensors();
        tensors
            .into_iter()
            .map(|tensor| Tensor {
                name: tensor.name,
                shape: tensor.shape,
                data: parameters[tensor.range].to_vec(),
            })
            .collect()
    }

    /// Sets the parameters named; the others stay.
    ///
    /// # Errors
    /// `UnknownId` for a name, `Mismatch` for a shape, `NotFinite` for a value; nothing changed then.
    pub fn set_weights(&mut self, tensors: &[Tensor]) -> Result<(), Error> {
        let specs = self.run.trainer.plan().network.tensors();
        let mut parameters = self.run.trainer.parameters().to_vec();
        for tensor in tensors {
            let Some(spec) = specs.iter().find(|spec| spec.name == tensor.name) else {
                let known = specs
                    .iter()
                    .map(|spec| spec.name.as_str())
                    .collect::<Vec<_>>()
                    .join(", ");
                return Err(Error::UnknownId {
                    field: "weights".into(),
                    id: tensor.name.clone(),
                    known,
                });
            };
            if tensor.shape != spec.shape || tensor.data.len() != spec.range.len() {
                return Err(Error::Mismatch {
                    field: format!("weights.{}", tensor.name),
                    expected: sizes(&spec.shape),
                    found: format!("{} ({} values)", sizes(&tensor.shape), tensor.data.len()),
                });
            }
            if let Some(place) = tensor.data.iter().position(|value| !value.is_finite()) {
                let columns = spec.shape.get(1).copied().unwrap_or(1);
                return Err(Error::NotFinite {
                    field: format!("weights.{}", tensor.name),
                    row: place / columns,
                    column: place % columns,
                });
            }
            parameters[spec.range.clone()].copy_from_slice(&tensor.data);
        }
        self.run.trainer.set_parameters(&parameters);
        self.mark_stale();
        Ok(())
    }

    /// Outputs for `inputs` `(rows, columns)` as the data are before features and scaling: for sets of points the raw
    /// coordinates (2, or 1 on a line), else the input columns. `(rows, outputs)` row-major.
    ///
    /// # Errors
    /// `Mismatch` when `given` are other columns, or the count is no multiple of the columns; `NotFinite` by row and
    /// column.
    pub fn predict(
        &mut self,
        inputs: impl Into<Numbers>,
        given: Option<usize>,
    ) -> Result<Vec<f32>, Error> {
        self.predict_part(inputs, given, None)
    }

    /// [`Session::predict`] of some rows of many: which is the first, and how many they are in all, by which it is judged
    /// what they take and how a row is called.
    ///
    /// # Errors
    /// As [`Session::predict`].
    pub fn predict_part(
        &mut self,
        inputs: impl Into<Numbers>,
        given: Option<usize>,
        part: Option<(usize, usize)>,
    ) -> Result<Vec<f32>, Error> {
        let inputs = inputs.into();
        let dimensions = self.dataset.kind.dimensions();
        let columns = match dimensions {
            0 => self.dataset.columns,
            point => point,
        };
        let mismatch = |expected: String, found: String| {
            Err(Error::Mismatch {
                field: "inputs".into(),
                expected,
                found,
            })
        };
        if let Some(given) = given.filter(|given| *given != columns) {
            return mismatch(format!("{columns} columns"), given.to_string());
        }
        if !inputs.len().is_multiple_of(columns) {
            return mismatch(format!("a multiple of {columns}"), inputs.len().to_string());
        }
        let (first, of) = part.unwrap_or((0, inputs.len() / columns));
        finite("inputs", &inputs, columns, first)?;
        let network = &self.run.trainer.plan().network;
        cost::look(
            "inputs",
            network.multiply_adds() as f64,
            of,
            self.limits.prediction,
        )?;
        let mut features = vec![0.0; inputs.len() / columns * self.dataset.columns];
        for (row, out) in features.chunks_exact_mut(self.dataset.columns).enumerate() {
            let at = |column: usize| inputs.at(row * columns + column);
            if dimensions > 0 {
                let y = if dimensions > 1 { at(1) } else { 0.0 };
                self.dataset.featurize(at(0), y, out);
            } else {
                for (column, out) in out.iter_mut().enumerate() {
                    *out = self.dataset.scaler.apply(column, at(column)) as f32;
                }
            }
        }
        Ok(inspect::predict(&mut self.run, &features))
    }

    /// Takes the digits' asset, decompressed.
    ///
    /// # Errors
    /// `Malformed` or `Mismatch` when the bytes are not the asset.
    pub fn load_digits(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.digits = Some(Digits::parse(bytes)?);
        Ok(())
    }

    /// Trains on the caller's own data from now on.
    ///
    /// # Errors
    /// What [`CustomData::new`] refuses; nothing changed then.
    pub fn set_data(
        &mut self,
        inputs: impl Into<Numbers>,
        columns: usize,
        targets: impl Into<Numbers>,
        split: Option<&[u8]>,
        task: Option<Task>,
    ) -> Result<Vec<Event>, Error> {
        let custom = CustomData::new(inputs, columns, targets, split, task)?;
        self.use_custom(custom)
    }

    /// What this build is.
    pub fn info(&self) -> EngineInfo {
        EngineInfo {
            simd: cfg!(target_feature = "simd128") || cfg!(target_feature = "sse2"),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// `[4, 2]`.
fn sizes(shape: &[usize]) -> String {
    let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
    format!("[{}]", sizes.join(", "))
}

struct Amount(u32);

impl Amount {
    fn steps(self) -> (bool, u32) {
        (false, self.0)
    }

    fn epochs(self) -> (bool, u32) {
        (true, self.0)
    }
}

/// A few points of a data set without noise, for its button.
///
/// # Errors
/// `UnknownId` for a data set that there is not.
pub fn thumbnail(dataset: &str) -> Result<Points, Error> {
    let mut config = Config::default();
    let entry = crate::data::entry(dataset)?;
    if !entry.kind.has_map() {
        let none = Vec::new;
        return Ok(Points {
            kind: entry.kind,
            x: none(),
            y: none(),
            label: none(),
            split: Vec::new(),
        });
    }
    config.data.dataset = dataset.to_owned();
    config.data.samples = 160;
    config.data.classes = entry.classes.default.max(2);
    config.data.features = vec!["x".into()];
    let dataset = Dataset::build(&config.data, &config.seeds, config.mode, None)?;
    Ok(points_of(&dataset, true))
}

/// An activation and its derivative over -5..=5.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Where.
    pub z: Vec<f32>,
    /// Value.
    pub value: Vec<f32>,
    /// Derivative.
    pub slope: Vec<f32>,
}

/// The picture of an activation, `choice` as JSON.
///
/// # Errors
/// What the activation table refuses.
pub fn curve(choice: &str) -> Result<Curve, Error> {
    curve_of(&json(choice, CURVE_FIELD)?)
}

/// The field that refusals of a curve name.
const CURVE_FIELD: &str = "activation";

/// The same for a choice that is parsed already.
///
/// # Errors
/// What the choice is refused for.
pub fn curve_of(choice: &serde_json::Value) -> Result<Curve, Error> {
    const FIELD: &str = CURVE_FIELD;
    let choice = Choice::read(&At::root(choice, FIELD))?;
    let (activation, params) = Activation::resolve(&choice, FIELD)?;
    let z: Vec<f32> = (0..=200u16)
        .map(|place| f32::from(place) / 20.0 - 5.0)
        .collect();
    let mut value = vec![0.0; z.len()];
    let mut slope = value.clone();
    activation.forward_with_slope(&[params[0], params[1]], &z, &mut value, &mut slope);
    Ok(Curve { z, value, slope })
}

fn points_of(dataset: &Dataset, test_open: bool) -> Points {
    let narrow = |value: f64| value as f32;
    let sealed = |row: usize| dataset.parts[row] == Part::Test && !test_open;
    let on_line = dataset.kind.dimensions() == 1;
    let label = |row: usize| {
        if sealed(row) {
            f32::NAN
        } else {
            narrow(dataset.targets[row])
        }
    };
    let rows = dataset.raw.len();
    Points {
        kind: dataset.kind,
        x: dataset.raw.iter().map(|point| narrow(point[0])).collect(),
        y: (0..rows)
            .map(|row| {
                if on_line {
                    label(row)
                } else {
                    narrow(dataset.raw[row][1])
                }
            })
            .collect(),
        label: (0..rows).map(label).collect(),
        split: dataset.parts[..rows]
            .iter()
            .map(|part| *part as u8)
            .collect(),
    }
}
