//! Frames whose forward passes a GPU makes: what it is to be asked, and what becomes of its answers.

use std::rc::Rc;

use super::command::{FrameWants, MapWants, json};
use super::frame::check_resolution;
use super::{LargeMap, Session, WrongDigits};
use crate::backend::gpu::{Forward, Samples, Trouble, Wanted};
use crate::config::read::{At, Read};
use crate::data::Part;
use crate::error::Error;
use crate::inspect::{self, Maps};
use crate::plan::BufferId;
use crate::train::Sums;

/// The forward passes of a run on a device, and the samples that lie there.
pub struct Looking {
    forward: Forward,
    samples: Vec<(Source, Samples)>,
}

/// Which samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Those of a part.
    Part(Part),
    /// All points.
    Points,
    /// The cells of a map with so many on a side.
    Grid(usize),
}

/// Samples that are not on the device yet.
enum Lacking {
    Rows(Vec<u32>),
    Inputs(Vec<f32>),
}

/// What is asked of the device.
pub struct Question {
    wants: FrameWants,
    figures: bool,
    asked: Vec<(Source, Vec<Wanted>)>,
    lacking: Vec<(Source, Lacking)>,
}

/// What has been seen there; absent what was not wanted, or what these data do not have.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Looked {
    /// Figures as [`Session::take_figures`] takes them.
    pub figures: Vec<f64>,
    /// Small maps.
    pub maps: Option<Maps>,
    /// Large map.
    pub output: Option<LargeMap>,
    /// A layer's outputs for the points, `(units, points)`.
    pub activations: Option<Vec<f32>>,
    /// Digits.
    pub digits: Option<WrongDigits>,
}

/// What the device has answered.
pub struct Answers<'a> {
    asked: &'a [(Source, Vec<Wanted>)],
    values: Vec<Vec<Vec<f32>>>,
}

impl Answers<'_> {
    fn of(&self, source: Source, buffer: BufferId, unit: Option<usize>) -> &[f32] {
        let wanted = Wanted { buffer, unit };
        let found = self
            .asked
            .iter()
            .zip(&self.values)
            .find(|((known, _), _)| *known == source)
            .and_then(|((_, wishes), values)| {
                let place = wishes.iter().position(|wish| *wish == wanted)?;
                values.get(place)
            });
        found.map(Vec::as_slice).unwrap_or_default()
    }
}

impl Looking {
    /// With `forward`, over the session's run.
    pub fn new(forward: Forward) -> Self {
        Self {
            forward,
            samples: Vec::new(),
        }
    }

    /// What follows looks at the parameters as they are after everything that has been submitted so far.
    ///
    /// # Errors
    /// Whatever the device has reported so far.
    pub fn take(&self) -> Result<(), Trouble> {
        self.forward.take()
    }

    /// Has the device answer. `clock` gives milliseconds.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub async fn answer<'a>(
        &mut self,
        question: &'a Question,
        clock: &dyn Fn() -> f64,
    ) -> Result<Answers<'a>, Trouble> {
        for (source, lacking) in &question.lacking {
            let samples = match lacking {
                Lacking::Rows(rows) => self.forward.rows(rows).await?,
                Lacking::Inputs(inputs) => self.forward.samples(inputs).await?,
            };
            // Those of another size of map may be needed no more.
            let is_grid = |source: &Source| matches!(source, Source::Grid(_));
            let grids = self.samples.iter().filter(|(source, _)| is_grid(source));
            if is_grid(source) && grids.count() > 2 {
                let oldest = self.samples.iter().position(|(source, _)| is_grid(source));
                let asked =
                    |source: &Source| question.asked.iter().any(|(known, _)| known == source);
                if let Some(oldest) = oldest.filter(|&oldest| !asked(&self.samples[oldest].0)) {
                    self.samples.remove(oldest);
                }
            }
            self.samples.push((*source, samples));
        }
        let mut questions = Vec::new();
        for (source, wanted) in &question.asked {
            if let Some((_, samples)) = self.samples.iter().find(|(known, _)| known == source) {
                questions.push((samples, wanted.as_slice()));
            }
        }
        let values = self.forward.outputs(&questions, clock).await?;
        Ok(Answers {
            asked: &question.asked,
            values,
        })
    }
}

impl Question {
    fn ask(&mut self, source: Source, buffer: BufferId, unit: Option<usize>) {
        let wanted = Wanted { buffer, unit };
        match self.asked.iter_mut().find(|(known, _)| *known == source) {
            Some((_, wishes)) if wishes.contains(&wanted) => {}
            Some((_, wishes)) => wishes.push(wanted),
            None => self.asked.push((source, vec![wanted])),
        }
    }
}

impl Session {
    /// What `wants` (JSON, as for [`Session::frame`]) asks of the device, and with `figures` what the splits' figures do.
    ///
    /// # Errors
    /// What [`Session::frame`] refuses.
    pub fn question(
        &mut self,
        looking: &Looking,
        wants: &str,
        figures: bool,
    ) -> Result<Question, Error> {
        let wants = json(wants, "wants")?;
        let wants = FrameWants::read(&At::root(&wants, "wants"))?;
        let has_map = self.dataset.kind.has_map();
        let mut question = Question {
            wants: FrameWants {
                maps: wants.maps.filter(|_| has_map),
                output: wants.output.filter(|_| has_map),
                activations: wants.activations.filter(|_| has_map),
                digits: wants.digits.filter(|_| self.digits_part().is_some()),
                ..FrameWants::default()
            },
            figures,
            asked: Vec::new(),
            lacking: Vec::new(),
        };
        let plan = self.run.trainer.plan();
        let (layers, last) = (plan.activations.as_slice(), plan.activations.len());
        let output = layers.last().copied().unwrap_or_default();
        if figures {
            for part in self.evaluated() {
                question.ask(Source::Part(part), output, None);
                if plan.loss.takes_logits() {
                    let logits = plan.pre_activations.last().copied().unwrap_or_default();
                    question.ask(Source::Part(part), logits, None);
                }
            }
        }
        if let Some(maps) = question.wants.maps.clone() {
            check_resolution("maps.resolution", maps.resolution, 200)?;
            let units = maps.units.as_ref().map(|units| &units.0[..]);
            self.check_units(maps.hidden, units.unwrap_or_default())?;
            for (layer, units) in shown(&maps, last) {
                let Some(below) = layer.checked_sub(1) else {
                    continue;
                };
                for unit in units {
                    question.ask(Source::Grid(maps.resolution), layers[below], unit);
                }
            }
        }
        if let Some(output) = question.wants.output {
            check_resolution("wants.output.resolution", output.resolution, 400)?;
            let (layer, unit) = self.large(output.layer.zip(output.unit));
            if let Some(below) = layer.checked_sub(1) {
                question.ask(Source::Grid(output.resolution), layers[below], unit);
            }
        }
        if let Some(layer) = question.wants.activations {
            let buffer = match layer.checked_sub(1) {
                None => Some(plan.input),
                Some(below) => layers.get(below).copied(),
            };
            let buffer = buffer.ok_or_else(|| Error::OutOfRange {
                field: "wants.activations".into(),
                value: layer as f64,
                min: 0.0,
                max: last as f64,
            })?;
            question.ask(Source::Points, buffer, None);
        }
        if let (Some(_), Some((part, _))) = (question.wants.digits, self.digits_part()) {
            question.ask(Source::Part(part), output, None);
        }
        for (source, _) in &question.asked {
            if looking.samples.iter().any(|(known, _)| known == source) {
                continue;
            }
            let lacking = match *source {
                Source::Part(part) => Lacking::Rows(self.dataset.part(part).to_vec()),
                Source::Points => Lacking::Rows((0..self.dataset.raw.len() as u32).collect()),
                Source::Grid(resolution) => Lacking::Inputs(self.dataset.grid(resolution)),
            };
            question.lacking.push((*source, lacking));
        }
        Ok(question)
    }

    /// What is to be seen in the device's answers.
    pub fn looked(&mut self, question: &Question, answers: &Answers<'_>) -> Looked {
        let wants = &question.wants;
        let judge = self.run.judge;
        let plan = self.run.trainer.plan();
        let (loss, loss_params) = (plan.loss, plan.loss_params);
        let layers = plan.activations.clone();
        let output = layers.last().copied().unwrap_or_default();
        let logits = plan.pre_activations.last().copied().unwrap_or_default();
        let mut looked = Looked::default();
        if question.figures {
            for part in self.evaluated() {
                let rows = self.dataset.part(part);
                let labels = rows.iter().map(|&row| self.dataset.targets[row as usize]);
                let a = answers.of(Source::Part(part), output, None);
                let z = if loss.takes_logits() {
                    answers.of(Source::Part(part), logits, None)
                } else {
                    a
                };
                let mut sums = Sums::new(self.dataset.classes);
                sums.add_block((loss, &loss_params), judge, labels, (z, a), rows.len());
                looked.figures.extend(sums.numbers());
            }
        }
        let map = |resolution, layer, unit| {
            let mut map = answers.of(Source::Grid(resolution), layer, unit).to_vec();
            if layer == output {
                inspect::sign(judge, &mut map);
            }
            map
        };
        if let Some(wanted) = &wants.maps {
            let mut maps = Vec::new();
            for (layer, units) in shown(wanted, layers.len()) {
                maps.push(match layer.checked_sub(1) {
                    None => self.input_maps(wanted.resolution, &units),
                    Some(below) => {
                        let of = |unit: Option<usize>| map(wanted.resolution, layers[below], unit);
                        Rc::new(units.into_iter().flat_map(of).collect())
                    }
                });
            }
            looked.maps = Some(Maps {
                resolution: wanted.resolution,
                layers: maps,
            });
        }
        if let Some(wanted) = wants.output {
            looked.output = Some(match self.large(wanted.layer.zip(wanted.unit)) {
                (0, unit) => {
                    let grid = self.grid(wanted.resolution);
                    let (units, data) =
                        inspect::large_map(&mut self.run, &grid, unit.map(|unit| (0, unit)));
                    LargeMap {
                        resolution: wanted.resolution,
                        data,
                        units,
                    }
                }
                (layer, unit) => LargeMap {
                    resolution: wanted.resolution,
                    data: map(wanted.resolution, layers[layer - 1], unit),
                    units: match unit {
                        Some(_) => 1,
                        None => self.run.trainer.plan().network.outputs(),
                    },
                },
            });
        }
        looked.activations = wants.activations.map(|layer| {
            let buffer = match layer.checked_sub(1) {
                None => self.run.trainer.plan().input,
                Some(below) => layers[below],
            };
            answers.of(Source::Points, buffer, None).to_vec()
        });
        if let (Some(wanted), Some(shown)) = (wants.digits, self.digits_part()) {
            let rows = self.dataset.part(shown.0);
            let outputs = (answers.of(Source::Part(shown.0), output, None), rows.len());
            let mut wrong = Vec::new();
            inspect::add_wrong(&mut wrong, (judge, &self.dataset), rows, outputs);
            let wrong = inspect::most_confident_first(&wrong);
            looked.digits = self.pictured(&wrong, wanted.wrong, shown);
        }
        looked
    }

    /// Maps of input features, `(units, cells)`.
    fn input_maps(&mut self, resolution: usize, units: &[Option<usize>]) -> Rc<Vec<f32>> {
        let grid = self.grid(resolution);
        if units == [None] {
            return grid;
        }
        let cells = grid.len() / self.dataset.columns.max(1);
        let of = |unit: &Option<usize>| unit.map_or(&[][..], |unit| &grid[unit * cells..][..cells]);
        Rc::new(units.iter().flat_map(of).copied().collect())
    }

    /// The parts that frames evaluate.
    fn evaluated(&self) -> impl Iterator<Item = Part> + use<> {
        let has_validation = !self.dataset.validation.is_empty();
        let validation = has_validation.then_some(Part::Validation);
        std::iter::once(Part::Train).chain(validation)
    }

    /// Layer (0 = input features) and unit of the large map, both inside the network; no unit: all outputs.
    fn large(&self, unit: Option<(usize, usize)>) -> (usize, Option<usize>) {
        let network = &self.run.trainer.plan().network;
        let last = network.layers.len();
        let Some((layer, unit)) = unit else {
            return (last, None);
        };
        let layer = layer.min(last);
        let units = match layer.checked_sub(1) {
            None => network.inputs,
            Some(below) => network.layers[below].outputs,
        };
        (layer, Some(unit.min(units.saturating_sub(1))))
    }
}

/// Which layers of maps there are (0 = input features), and of each which units; one `None`: all of them.
fn shown(maps: &MapWants, last: usize) -> Vec<(usize, Vec<Option<usize>>)> {
    let first = if maps.hidden { 0 } else { last };
    let of = |place: usize| match &maps.units {
        None => vec![None],
        Some(units) => {
            let units = units.0.get(place).map_or(&[][..], Vec::as_slice);
            units.iter().copied().map(Some).collect()
        }
    };
    (first..=last)
        .map(|layer| (layer, of(layer - first)))
        .collect()
}
