//! Wishes to configs to runs: what may stay, stays.

use std::rc::Rc;

use serde_json::{Value, json};

use super::event::{Counts, Event, LayerKind, LayerSummary, ModelSummary};
use super::{SeedName, Session};
use crate::config::{
    Adaptation, Choice, Config, DataConfig, Effect, Facts, Mode, adapt, effect_of, overlay, parse,
    resolve, suited, value_of,
};
use crate::data::{self, CustomData, Dataset, Digits, Kind, Task};
use crate::error::Error;
use crate::train::Run;

/// What a new config needs before it can be in force.
struct Prepared {
    config: Config,
    data: Option<(Dataset, Rc<[f32]>)>,
    run: Run<f32>,
}

impl Session {
    /// A config, possibly partial, over the defaults for its data set.
    pub(super) fn configure(&mut self, wish: &Value) -> Result<Vec<Event>, Error> {
        let dataset = wish["data"]["dataset"].as_str();
        let mut base = Config::default();
        if let Some(dataset) = dataset {
            base = self.defaults_for(base, dataset)?;
        }
        let mut value = value_of(&base);
        overlay(&mut value, wish);
        self.apply(&value, Vec::new())
    }

    /// Changes over the present config.
    pub(super) fn patch(&mut self, wish: &Value) -> Result<Vec<Event>, Error> {
        let mut value = value_of(&self.config);
        overlay(&mut value, wish);
        self.apply(&value, Vec::new())
    }

    /// Another data set. Digits bring the worked example; going back from them brings back what was there before.
    pub(super) fn choose_dataset(&mut self, id: &str) -> Result<Vec<Event>, Error> {
        let entry = data::entry(id)?;
        let to_example = entry.kind.can().example;
        let mut config = match &self.plane_config {
            _ if to_example => self.config.worked_example(),
            Some(config) if self.dataset.kind.can().example => config.clone(),
            _ => self.config.clone(),
        };
        let adapted = if to_example {
            Vec::new()
        } else {
            self.remember();
            let before = config.clone();
            self.recall(&mut config, entry);
            fit(&mut config, entry, self.custom.as_ref());
            config.data.dataset = id.to_owned();
            differences(&before, &config)
        };
        self.apply(&value_of(&config), adapted)
    }

    /// New seeds.
    pub(super) fn new_seed(&mut self, which: &[SeedName]) -> Result<Vec<Event>, Error> {
        let mut seeds = self.config.seeds.clone();
        for name in which {
            let seed = match name {
                SeedName::Data => &mut seeds.data,
                SeedName::Split => &mut seeds.split,
                SeedName::Init => &mut seeds.init,
                SeedName::Batches => &mut seeds.batches,
            };
            // The next number, not a random one: a lesson can say "press it twice" and mean something.
            *seed = seed.wrapping_add(1);
        }
        let patch = json!({"seeds": {"data": seeds.data, "split": seeds.split, "init": seeds.init, "batches": seeds.batches}});
        self.patch(&patch)
    }

    /// Step 0 with the same weights.
    pub(super) fn reset(&mut self) -> Result<Vec<Event>, Error> {
        let mut events = self.pause();
        let mut config = self.config.clone();
        self.run = self.run_of(&mut config, &self.dataset, &self.inputs)?;
        let sealed_again = self.test.is_some();
        self.start_over();
        events.push(self.configured(Effect::Reset, Vec::new()));
        if sealed_again {
            events.push(Event::Points {
                run: self.run_number,
            });
        }
        Ok(events)
    }

    /// The caller's own data from now on.
    pub(super) fn use_custom(&mut self, custom: CustomData) -> Result<Vec<Event>, Error> {
        let before = self.custom.replace(custom);
        let events = self.carry_custom();
        if events.is_err() {
            self.custom = before;
        }
        events
    }

    fn carry_custom(&mut self) -> Result<Vec<Event>, Error> {
        let mut config = match &self.plane_config {
            Some(config) if self.dataset.kind.can().example => config.clone(),
            _ => self.config.clone(),
        };
        let entry = data::entry("custom")?;
        let before = config.clone();
        fit(&mut config, entry, self.custom.as_ref());
        let adapted = differences(&before, &config);
        config.data.dataset = "custom".into();
        let prepared = self.prepare(config, true)?;
        Ok(self.put_in_force(prepared, Effect::Reset, adapted))
    }

    /// Keeps what only makes sense for the present family of data (points or lines, classes or values).
    fn remember(&mut self) {
        let Config {
            data,
            network,
            training,
            ..
        } = &self.config;
        let family = (self.dataset.kind, self.dataset.task);
        let fitting = Fitting {
            features: data.features.clone(),
            output: network.output.activation.clone(),
            loss: training.loss.clone(),
        };
        self.fittings.retain(|(known, _)| *known != family);
        self.fittings.push((family, fitting));
    }

    /// Brings back what was last used with the family that `entry` is of, or that family's own defaults.
    fn recall(&self, config: &mut Config, entry: &data::DatasetEntry) {
        let present = data::entry(&config.data.dataset).map(|entry| (entry.kind, entry.task));
        let family = (entry.kind, entry.task);
        if present == Ok(family) || entry.kind.can().own {
            return;
        }
        let known = self.fittings.iter().find(|(known, _)| *known == family);
        let fitting = known.map_or_else(
            || Fitting::default_for(entry),
            |(_, fitting)| fitting.clone(),
        );
        config.data.features = fitting.features;
        config.network.output.activation = fitting.output;
        config.training.loss = fitting.loss;
    }

    fn defaults_for(&self, mut base: Config, dataset: &str) -> Result<Config, Error> {
        let entry = data::entry(dataset)?;
        if entry.kind.can().example {
            return Ok(base.worked_example());
        }
        fit(&mut base, entry, self.custom.as_ref());
        Ok(base)
    }

    fn apply(&mut self, value: &Value, adapted: Vec<Adaptation>) -> Result<Vec<Event>, Error> {
        let config = parse(value)?;
        let entry = data::entry(&config.data.dataset)?;
        if entry.kind.can().fetched && self.digits.is_none() {
            // Checked before the asset is fetched, so that a wrong config costs no download.
            resolve(
                &mut config.clone(),
                Facts {
                    classes: data::digits::CLASSES,
                },
            )?;
            return Ok(vec![Event::NeedsDigits]);
        }
        let old = value_of(&self.config);
        let data_changed = data_key(&config) != data_key(&self.config);
        let mut prepared = self.prepare(config, data_changed)?;
        let Some(mut effect) = effect_of(&old, &value_of(&prepared.config)) else {
            return Ok(vec![self.configured(Effect::Live, adapted)]);
        };
        if effect < Effect::Reset {
            if prepared.run.has_shape_of(&self.run) {
                let same_data = prepared.data.is_none();
                prepared.run.continue_from(&self.run, same_data);
            } else if self.can_grow(&prepared) {
                let (before, after) =
                    (&self.config.network.hidden, &prepared.config.network.hidden);
                prepared.run.grow_from(&self.run, before, after);
                // Frames of the network before it are not to be taken for its own.
                self.run_number += 1;
            } else {
                effect = Effect::Reset;
            }
        }
        Ok(self.put_in_force(prepared, effect, adapted))
    }

    /// A layer or a neuron more or fewer: training goes on with what stays. By TensorFlow Playground's rules it starts anew,
    /// and so does what was not trained yet: then the seeds alone say where it starts, and a link can replay it.
    fn can_grow(&self, prepared: &Prepared) -> bool {
        let old = &self.run.trainer.plan().network;
        let new = &prepared.run.trainer.plan().network;
        self.run.trainer.step_count() > 0
            && prepared.config.mode == Mode::Standard
            && (old.inputs, old.outputs()) == (new.inputs, new.outputs())
    }

    fn prepare(&self, mut config: Config, data_changed: bool) -> Result<Prepared, Error> {
        if data_changed {
            let (dataset, inputs) =
                build_dataset(&config, self.digits.as_ref(), self.custom.as_ref())?;
            let run = self.run_of(&mut config, &dataset, &inputs)?;
            return Ok(Prepared {
                config,
                data: Some((dataset, inputs)),
                run,
            });
        }
        let run = self.run_of(&mut config, &self.dataset, &self.inputs)?;
        Ok(Prepared {
            config,
            data: None,
            run,
        })
    }

    fn put_in_force(
        &mut self,
        prepared: Prepared,
        effect: Effect,
        adapted: Vec<Adaptation>,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        let from_example = self.dataset.kind.can().example;
        let to_example = prepared
            .data
            .as_ref()
            .map_or(from_example, |(dataset, _)| dataset.kind.can().example);
        if to_example && !from_example {
            self.plane_config = Some(self.config.clone());
        }
        let data_changed = prepared.data.is_some();
        let sealed_again = self.test.is_some() && effect == Effect::Reset;
        if let Some((dataset, inputs)) = prepared.data {
            self.dataset = dataset;
            self.inputs = inputs;
            self.grids.clear();
            // Other points, other test set.
            self.test = None;
            self.test_revealed = 0;
        }
        self.config = prepared.config;
        self.run = prepared.run;
        if effect == Effect::Reset {
            events.extend(self.pause());
            self.start_over();
        } else {
            self.mark_stale();
        }
        events.push(self.configured(effect, adapted));
        if data_changed || sealed_again {
            events.push(Event::Points {
                run: self.run_number,
            });
        }
        events
    }

    fn start_over(&mut self) {
        self.run_number += 1;
        self.measured = None;
        self.changed = (0, 0.0);
        self.test = None;
        self.speed.restart();
    }

    /// The event that tells the config in force.
    pub fn configured(&self, effect: Effect, adapted: Vec<Adaptation>) -> Event {
        Event::Configured {
            run: self.run_number,
            config: Box::new(self.config.clone()),
            summary: self.summary(),
            effect,
            adapted,
        }
    }

    fn summary(&self) -> ModelSummary {
        let network = &self.run.trainer.plan().network;
        let dataset = &self.dataset;
        let mut layers = vec![LayerSummary {
            name: "input".into(),
            kind: LayerKind::Input,
            units: network.inputs,
            activation: None,
            shape: format!("(batch, {})", network.inputs),
            parameters: 0,
            frozen: false,
        }];
        let last = network.layers.len().saturating_sub(1);
        for (index, layer) in network.layers.iter().enumerate() {
            let output = index == last;
            let activation = if output {
                &self.config.network.output.activation
            } else {
                &self.config.network.hidden[index].activation
            };
            layers.push(LayerSummary {
                name: if output {
                    "output".into()
                } else {
                    format!("hidden.{index}")
                },
                kind: if output {
                    LayerKind::Output
                } else {
                    LayerKind::Hidden
                },
                units: layer.outputs,
                activation: Some(activation.clone()),
                shape: format!("(batch, {})", layer.outputs),
                parameters: layer.parameters().len(),
                frozen: layer.frozen,
            });
        }
        ModelSummary {
            task: dataset.task,
            kind: dataset.kind,
            classes: dataset.classes,
            inputs: dataset.symbols.clone(),
            input_count: dataset.columns,
            layers,
            parameters: network.parameter_count(),
            multiply_adds: network.multiply_adds(),
            counts: Counts {
                train: dataset.train.len(),
                validation: dataset.validation.len(),
                test: dataset.test.len(),
            },
            steps_per_epoch: self.run.trainer.steps_per_epoch(),
            target_encoding: self.run.judge.encoding,
            domain: dataset.entry.domain,
        }
    }
}

/// Builds the data that a config describes; the inputs are moved out, to be shared with the run.
pub(super) fn build_dataset(
    config: &Config,
    digits: Option<&Digits>,
    custom: Option<&CustomData>,
) -> Result<(Dataset, Rc<[f32]>), Error> {
    let entry = data::entry(&config.data.dataset)?;
    let mut dataset = match custom {
        Some(custom) if entry.kind.can().own => {
            Dataset::from_custom(custom, &config.data, &config.seeds)?
        }
        _ => Dataset::build(&config.data, &config.seeds, config.mode, digits)?,
    };
    let inputs = Rc::from(std::mem::take(&mut dataset.inputs));
    Ok((dataset, inputs))
}

/// What a family of data sets was last used with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fitting {
    features: Vec<String>,
    output: Choice,
    loss: Choice,
}

impl Fitting {
    fn default_for(entry: &data::DatasetEntry) -> Self {
        // More than two classes are made to fit afterwards, as on every choice.
        let (output, loss) = suited(match entry.task {
            Task::Regression => 0,
            Task::Classification => 2,
        });
        Self {
            features: coordinates(entry.kind),
            output: Choice::of(output),
            loss: Choice::of(loss),
        }
    }
}

/// The features that are the coordinates themselves.
fn coordinates(kind: Kind) -> Vec<String> {
    let ids = kind.can().coordinates;
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// What is worth telling when a data set was chosen.
fn differences(before: &Config, after: &Config) -> Vec<Adaptation> {
    let metric = |config: &Config| {
        let stop = &config.training;
        (
            stop.early_stopping
                .as_ref()
                .map(|early| early.metric.clone())
                .unwrap_or_default(),
            stop.stop
                .target
                .as_ref()
                .map(|target| target.metric.clone())
                .unwrap_or_default(),
        )
    };
    let ((early_from, target_from), (early_to, target_to)) = (metric(before), metric(after));
    let (output_from, output_to) = (
        &before.network.output.activation,
        &after.network.output.activation,
    );
    let mode = |config: &Config| match config.mode {
        Mode::Standard => "standard".to_owned(),
        Mode::TfPlayground => "tf_playground".to_owned(),
    };
    [
        ("mode", mode(before), mode(after)),
        (
            "network.output.activation",
            output_from.id.clone(),
            output_to.id.clone(),
        ),
        (
            "training.loss",
            before.training.loss.id.clone(),
            after.training.loss.id.clone(),
        ),
        (
            "data.scaling",
            before.data.scaling.id.clone(),
            after.data.scaling.id.clone(),
        ),
        ("training.early_stopping.metric", early_from, early_to),
        ("training.stop.target.metric", target_from, target_to),
    ]
    .into_iter()
    .filter(|(_, from, to)| from != to)
    .map(|(field, from, to)| Adaptation {
        field: field.to_owned(),
        from,
        to,
    })
    .collect()
}

/// Makes a config fit other data: mode, features, sample count, class count, output, loss.
fn fit(config: &mut Config, entry: &data::DatasetEntry, custom: Option<&CustomData>) {
    if config.mode == Mode::TfPlayground && !data::in_tf_playground(entry.id) {
        config.mode = Mode::Standard;
    }
    let data = &mut config.data;
    let fits = |id: &String| {
        data::FEATURES
            .iter()
            .any(|feature| feature.id == *id && feature.kind == entry.kind)
    };
    if entry.kind.has_map() && (data.features.is_empty() || !data.features.iter().all(fits)) {
        data.features = coordinates(entry.kind);
    }
    data.samples = data.samples.clamp(data::SAMPLES[0], data::SAMPLES[1]);
    if entry.classes.max > entry.classes.min {
        data.classes = data.classes.clamp(entry.classes.min, entry.classes.max);
    }
    let custom = custom.filter(|_| entry.kind.can().own);
    if let Some(custom) = custom
        && custom.coarse_column().is_some()
        && data.scaling.id == "none"
    {
        data.scaling = Choice::of("standard");
    }
    let classes = match custom {
        Some(custom) => custom.classes(),
        _ if entry.classes.min == entry.classes.max => entry.classes.min as usize,
        _ => data.classes as usize,
    };
    adapt(config, Facts { classes });
}

/// What the data depend on.
fn data_key(config: &Config) -> (crate::config::Mode, &DataConfig, u32, u32, &str) {
    (
        config.mode,
        &config.data,
        config.seeds.data,
        config.seeds.split,
        &config.seeds.tf_playground,
    )
}
