//! Frames: what is drawn, taken when the page asks for it.

use super::command::{FrameWants, MapWants, json};
use super::event::{
    ConfusionMatrices, FrameHead, Metrics, SplitMetrics, Undefined, WrongDigitHead,
};
use super::{Measured, Session, Tensor};
use crate::config::read::{At, Read};
use crate::data::Part;
use crate::error::Error;
use crate::inspect::{self, Maps};
use crate::plan::cost;
use crate::train::{COLUMNS, Evaluation, Sums};

/// Evaluation may take this share of the time between two frames, so that training keeps the rest.
const EVALUATION_SHARE: f64 = 0.25;

/// Curves: [`COLUMNS`] by row.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryFrame {
    /// Number of rows.
    pub rows: usize,
    /// So many samples of the training part its columns are measured on.
    pub train_samples: usize,
    /// `(rows, columns)` row-major.
    pub data: Vec<f32>,
}

/// The large map.
#[derive(Debug, Clone, PartialEq)]
pub struct LargeMap {
    /// Points on a side.
    pub resolution: usize,
    /// `(units, cells)`.
    pub data: Vec<f32>,
    /// Units in it.
    pub units: usize,
}

/// One layer's parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerWeights {
    /// `(outputs, inputs)` row-major.
    pub weight: Vec<f32>,
    /// `(outputs)`.
    pub bias: Vec<f32>,
    /// Width out.
    pub outputs: usize,
    /// Width in.
    pub inputs: usize,
}

/// Digits it gets wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct WrongDigits {
    /// The most confident mistakes, with 784 pixels each.
    pub wrong: Vec<(WrongDigitHead, Vec<u8>)>,
    /// How many are wrong in all.
    pub wrong_count: usize,
    /// Of how many.
    pub of: usize,
    /// `validation` or `test`.
    pub split: &'static str,
}

/// A frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The numbers.
    pub head: FrameHead,
    /// Curves.
    pub history: Option<HistoryFrame>,
    /// Small maps.
    pub maps: Option<Maps>,
    /// Large map.
    pub output: Option<LargeMap>,
    /// Weights.
    pub weights: Option<Vec<LayerWeights>>,
    /// Derivatives of the mean loss over the training part, as `weights`.
    pub gradients: Option<Vec<LayerWeights>>,
    /// A layer's outputs for the points, `(units, points)`.
    pub activations: Option<Vec<f32>>,
    /// Digits.
    pub digits: Option<WrongDigits>,
}

impl Session {
    /// The frame that `wants` (JSON, see [`FrameWants`]) asks for.
    ///
    /// # Errors
    /// `Malformed` for unknown wants, `OutOfRange` for a resolution that is too large.
    pub fn frame(&mut self, wants: &str, now: &dyn Fn() -> f64) -> Result<Frame, Error> {
        self.frame_value(&json(wants, "wants")?, now)
    }

    /// The same for wants that are parsed already.
    ///
    /// # Errors
    /// As [`Self::frame`].
    pub fn frame_value(
        &mut self,
        wants: &serde_json::Value,
        now: &dyn Fn() -> f64,
    ) -> Result<Frame, Error> {
        let wants = FrameWants::read(&At::root(wants, "wants"))?;
        self.measure_if_due(now);
        let has_map = self.dataset.kind.has_map();
        let maps = match wants.maps {
            Some(wanted) if has_map => Some(self.wanted_maps(&wanted)?),
            _ => None,
        };
        let output = match wants.output {
            Some(output) if has_map => {
                check_resolution("wants.output.resolution", output.resolution, 400)?;
                self.afford_map("wants.output.resolution", output.resolution)?;
                let grid = self.grid(output.resolution);
                let unit = output.layer.zip(output.unit);
                let (units, data) = inspect::large_map(&mut self.run, &grid, unit);
                Some(LargeMap {
                    resolution: output.resolution,
                    data,
                    units,
                })
            }
            _ => None,
        };
        let activations = match wants.activations {
            Some(layer) if has_map => Some(self.activations(layer)?),
            _ => None,
        };
        Ok(Frame {
            gradients: wants.gradients.unwrap_or(false).then(|| {
                let gradients = inspect::gradients(&mut self.run, &self.dataset.train);
                self.by_layer(&gradients)
            }),
            activations,
            history: wants.history.unwrap_or(false).then(|| self.history_frame()),
            weights: wants
                .weights
                .unwrap_or(false)
                .then(|| self.by_layer(self.run.trainer.parameters())),
            digits: wants
                .digits
                .and_then(|digits| self.wrong_digits(digits.wrong)),
            maps,
            output,
            head: FrameHead {
                run: self.run_number,
                step: self.run.trainer.step_count(),
                epoch: self.run.trainer.epoch(),
                changed_step: self.changed.0,
                changed_epoch: self.changed.1,
                playing: self.pace.is_some(),
                learning_rate: self.run.trainer.learning_rate(),
                steps_per_second: self.speed.steps_per_second(),
                metrics: self.measured.as_ref().map(|measured| self.report(measured)),
            },
        })
    }

    /// Figures of every split, measured now; test stays sealed unless it was opened.
    pub fn metrics(&mut self, now: &dyn Fn() -> f64) -> Metrics {
        let measured = match self.measured.take() {
            // Nothing has changed since.
            Some(measured) if self.is_fresh(&measured) => measured,
            _ => self.measure(now),
        };
        let metrics = self.report(&measured);
        self.measured = Some(measured);
        metrics
    }

    fn is_fresh(&self, measured: &Measured) -> bool {
        measured.step == self.run.trainer.step_count() && !measured.stale
    }

    /// Every neuron's map, see [`inspect::maps`]. Empty for data that are no points.
    ///
    /// # Errors
    /// `OutOfRange` for a resolution outside 1..=200.
    pub fn maps(&mut self, resolution: usize, hidden: bool) -> Result<Maps, Error> {
        self.wanted_maps(&MapWants {
            resolution,
            hidden,
            units: None,
        })
    }

    fn wanted_maps(&mut self, wanted: &MapWants) -> Result<Maps, Error> {
        check_resolution("maps.resolution", wanted.resolution, 200)?;
        let units = wanted.units.as_ref().map(|units| &units.0[..]);
        self.check_units(wanted.hidden, units.unwrap_or_default())?;
        self.afford_map("maps.resolution", wanted.resolution)?;
        let grid = self.grid(wanted.resolution);
        let spare = std::mem::take(&mut self.spare_maps);
        let size = (wanted.resolution, wanted.hidden);
        Ok(inspect::maps(&mut self.run, &grid, size, units, spare))
    }

    fn afford_map(&self, field: &str, resolution: usize) -> Result<(), Error> {
        let cells = self.dataset.kind.map_cells(resolution);
        let network = &self.run.trainer.plan().network;
        cost::look(
            field,
            network.multiply_adds() as f64,
            cells,
            self.limits.map,
        )
    }

    /// Each layer's are units that it has, ascending.
    pub(super) fn check_units(&self, hidden: bool, units: &[Vec<usize>]) -> Result<(), Error> {
        let network = &self.run.trainer.plan().network;
        let first = if hidden { 0 } else { network.layers.len() };
        for (place, units) in units.iter().enumerate() {
            let width = match (first + place).checked_sub(1) {
                None => network.inputs,
                Some(index) => network.layers.get(index).map_or(0, |layer| layer.outputs),
            };
            let mut least = 0;
            for unit in units {
                if !(least..width).contains(unit) {
                    return Err(Error::OutOfRange {
                        field: "wants.maps.units".into(),
                        value: *unit as f64,
                        min: least as f64,
                        max: width as f64 - 1.0,
                    });
                }
                least = unit + 1;
            }
        }
        Ok(())
    }

    /// Takes maps back that are no longer needed: the next ones are written where they lie.
    pub fn reuse(&mut self, maps: Maps) {
        self.spare_maps = maps;
    }

    fn measure_if_due(&mut self, now: &dyn Fn() -> f64) {
        if self.is_due(now()) {
            self.measured = Some(self.measure(now));
        }
    }

    /// Whether the next frame measures the splits.
    pub fn is_due(&self, now: f64) -> bool {
        match &self.measured {
            None => true,
            Some(measured) if self.is_fresh(measured) => false,
            // A still picture must be right; a moving one may lag where evaluation is slow.
            Some(_) if self.pace.is_none() => true,
            Some(measured) => now - measured.at >= measured.cost * (1.0 / EVALUATION_SHARE),
        }
    }

    /// Takes over figures of the training part, and of the validation part where there is one, that another engine has
    /// measured with the present parameters, as [`crate::train::Sums`] makes numbers of them; it took `cost`
    /// milliseconds.
    pub fn take_figures(&mut self, numbers: &[f64], cost: f64, now: f64) {
        let (classes, judge) = (self.dataset.classes, self.run.judge);
        let mut parts = numbers
            .chunks_exact(Sums::width(classes))
            .map(|numbers| Sums::of_numbers(numbers, classes).finish(judge));
        if let Some(train) = parts.next() {
            let validation = parts.next();
            self.measured = Some(self.note(train, validation, cost, now));
        }
    }

    pub(super) fn measure(&mut self, now: &dyn Fn() -> f64) -> Measured {
        let start = now();
        let train = self
            .run
            .evaluate(&self.dataset, Part::Train)
            .unwrap_or_default();
        let validation = self.run.evaluate(&self.dataset, Part::Validation);
        let at = now();
        self.note(train, validation, at - start, at)
    }

    /// What frames show.
    fn note(
        &self,
        train: Evaluation,
        validation: Option<Evaluation>,
        cost: f64,
        at: f64,
    ) -> Measured {
        Measured {
            step: self.run.trainer.step_count(),
            epoch: self.run.trainer.epoch(),
            train,
            validation,
            penalty: self.run.penalty(),
            at,
            cost,
            stale: false,
        }
    }

    fn report(&self, measured: &Measured) -> Metrics {
        let split = |evaluation: &Evaluation, penalty: f64| SplitMetrics {
            loss: evaluation.loss,
            penalty,
            metrics: evaluation.metrics.clone(),
        };
        let classes = self.dataset.classes;
        let test = self.test.as_ref();
        let parts = [
            ("train", Some(&measured.train)),
            ("validation", measured.validation.as_ref()),
            ("test", test.map(|test| &test.evaluation)),
        ];
        let undefined = parts.into_iter().flat_map(|(part, evaluation)| {
            let undefined = evaluation.map_or(&[][..], |evaluation| &evaluation.undefined);
            undefined.iter().map(move |(metric, reason)| Undefined {
                part,
                metric: metric.id(),
                reason,
            })
        });
        Metrics {
            undefined: undefined.collect(),
            epoch: measured.epoch,
            step: measured.step,
            train: split(&measured.train, measured.penalty),
            validation: measured
                .validation
                .as_ref()
                .map(|evaluation| split(evaluation, measured.penalty)),
            test: test.map(|test| split(&test.evaluation, test.penalty)),
            test_step: test.map(|test| test.step),
            test_epoch: test.map(|test| test.epoch),
            test_current: test.map(|test| !test.stale && test.step == measured.step),
            test_revealed: self.test_revealed,
            confusion: (classes > 0).then(|| ConfusionMatrices {
                classes,
                train: measured.train.confusion.clone(),
                validation: measured
                    .validation
                    .as_ref()
                    .map(|evaluation| evaluation.confusion.clone()),
                test: test.map(|test| test.evaluation.confusion.clone()),
            }),
        }
    }

    /// The dataset's grid, feature-major: `(columns, cells)`.
    pub(super) fn grid(&mut self, resolution: usize) -> std::rc::Rc<Vec<f32>> {
        if let Some((_, grid)) = self.grids.iter().find(|(kept, _)| *kept == resolution) {
            return grid.clone();
        }
        let by_cell = self.dataset.grid(resolution);
        let by_feature = inspect::transposed(&by_cell, self.dataset.columns);
        let grid = std::rc::Rc::new(by_feature);
        // Two are in use at a time: the small maps' and the large one's.
        self.grids.truncate(1);
        self.grids.insert(0, (resolution, grid.clone()));
        grid
    }

    fn history_frame(&mut self) -> HistoryFrame {
        if self.run.trainer.step_count() == 0 {
            self.run.open_history(&self.dataset);
        }
        let rows = self.run.history.rows();
        let data = rows
            .iter()
            .flatten()
            .map(|value| *value as f32)
            .collect::<Vec<f32>>();
        debug_assert_eq!(data.len(), rows.len() * COLUMNS.len());
        HistoryFrame {
            rows: rows.len(),
            train_samples: self.run.train_samples(&self.dataset),
            data,
        }
    }

    /// The derivative of the mean data loss over the training part by each parameter, by name as [`Session::weights`].
    pub fn gradients(&mut self) -> Vec<Tensor> {
        let gradients = inspect::gradients(&mut self.run, &self.dataset.train);
        self.named(&gradients)
    }

    /// A feature of these points over the domain, see [`crate::data::Dataset::feature_map`].
    ///
    /// # Errors
    /// `UnknownId` for a feature that these data do not have, `OutOfRange` for a resolution outside 1..=200.
    pub fn feature_map(&self, id: &str, resolution: usize) -> Result<Vec<f32>, Error> {
        check_resolution("resolution", resolution, 200)?;
        self.dataset.feature_map(id, resolution)
    }

    fn activations(&mut self, layer: usize) -> Result<Vec<f32>, Error> {
        let last = self.run.trainer.plan().network.layers.len();
        if layer > last {
            return Err(Error::OutOfRange {
                field: "wants.activations".into(),
                value: layer as f64,
                min: 0.0,
                max: last as f64,
            });
        }
        let rows: Vec<u32> = (0..self.dataset.raw.len() as u32).collect();
        Ok(inspect::activations(&mut self.run, &rows, layer))
    }

    fn by_layer(&self, parameters: &[f32]) -> Vec<LayerWeights> {
        let layers = &self.run.trainer.plan().network.layers;
        layers
            .iter()
            .map(|layer| LayerWeights {
                weight: parameters[layer.weight()].to_vec(),
                bias: parameters[layer.bias()].to_vec(),
                outputs: layer.outputs,
                inputs: layer.inputs,
            })
            .collect()
    }

    /// The part whose wrong digits are shown; none where there is nothing to show.
    pub(super) fn digits_part(&self) -> Option<(Part, &'static str)> {
        let (part, split) = if self.test.is_some() {
            (Part::Test, "test")
        } else {
            (Part::Validation, "validation")
        };
        let some = self.dataset.pixels.is_some() && !self.dataset.part(part).is_empty();
        some.then_some((part, split))
    }

    fn wrong_digits(&mut self, most: usize) -> Option<WrongDigits> {
        let (part, split) = self.digits_part()?;
        let wrong = inspect::wrong_digits(&mut self.run, &self.dataset, part);
        self.pictured(&wrong, most, (part, split))
    }

    /// At most so many of these digits, with their pixels.
    pub(super) fn pictured(
        &self,
        wrong: &[inspect::WrongDigit],
        most: usize,
        (part, split): (Part, &'static str),
    ) -> Option<WrongDigits> {
        let pixels = self.dataset.pixels.as_ref()?;
        let size = crate::data::digits::PIXELS;
        let picture = |index: u32| pixels[index as usize * size..][..size].to_vec();
        Some(WrongDigits {
            wrong_count: wrong.len(),
            of: self.dataset.part(part).len(),
            split,
            wrong: wrong
                .iter()
                .take(most)
                .map(|digit| {
                    let inspect::WrongDigit {
                        index,
                        truth,
                        predicted,
                        probability,
                    } = *digit;
                    (
                        WrongDigitHead {
                            index,
                            truth,
                            predicted,
                            probability,
                        },
                        picture(index),
                    )
                })
                .collect(),
        })
    }
}

pub(super) fn check_resolution(field: &str, resolution: usize, max: usize) -> Result<(), Error> {
    if (1..=max).contains(&resolution) {
        return Ok(());
    }
    Err(Error::OutOfRange {
        field: field.into(),
        value: resolution as f64,
        min: 1.0,
        max: max as f64,
    })
}
