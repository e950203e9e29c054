//! Loss and metrics of a whole split, in evaluation mode (no dropout).

use crate::backend::cpu::Interpreter;
use crate::config::{Encoding, Named};
use crate::formula::loss::{self, Loss};
use crate::formula::metric::{self, Confusion, Errors, Metric};
use crate::real::Float;

/// What predictions are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judge {
    /// Number of classes; 0 for regression.
    pub classes: usize,
    /// How labels became targets.
    pub encoding: Encoding,
    /// Whether the outputs are probabilities (sigmoid or softmax), so that log loss has a meaning.
    pub probabilities: bool,
}

/// The figures of one split.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluation {
    /// Mean data loss; the penalty is not in it.
    pub loss: f64,
    /// Metrics by id, those that fit the task.
    pub metrics: Named,
    /// Metrics that stand, or are missing, by convention, and why.
    pub undefined: Vec<(Metric, &'static str)>,
    /// `(classes, classes)`: rows are labels, columns predictions. Empty for regression.
    pub confusion: Vec<u32>,
}

impl Evaluation {
    /// A metric by id, `loss` too.
    pub fn get(&self, id: &str) -> Option<f64> {
        if id == "loss" {
            Some(self.loss)
        } else {
            self.metrics.get(id)
        }
    }
}

impl Judge {
    /// Class that outputs stand for; `outputs(o)` is the value of output `o`. The first of equals wins: a single output on
    /// the threshold is class 0, as in Keras and scikit-learn.
    pub fn class(&self, outputs: impl Fn(usize) -> f64) -> usize {
        match self.encoding {
            Encoding::ZeroOne => usize::from(outputs(0) > 0.5),
            Encoding::PlusMinusOne => usize::from(outputs(0) > 0.0),
            Encoding::OneHot | Encoding::PlusMinusOneHot => {
                (1..self.classes).fold(0, |best, class| {
                    if outputs(class) > outputs(best) {
                        class
                    } else {
                        best
                    }
                })
            }
            Encoding::Value => 0,
        }
    }

    /// The output as the maps show it: probabilities of one output become -1..1, so that 0 is the boundary.
    pub fn signed(&self, output: f64) -> f64 {
        if self.encoding == Encoding::ZeroOne {
            2.0 * output - 1.0
        } else {
            output
        }
    }
}

/// Evaluates the rows of a split, in order. `labels` are class indices or values by resident row.
pub fn evaluate<T: Float>(
    interpreter: &mut Interpreter<T>,
    rows: &[u32],
    labels: &[f64],
    judge: Judge,
) -> Evaluation {
    let (loss, loss_params) = (interpreter.plan().loss, interpreter.plan().loss_params);
    let logits = interpreter
        .plan()
        .pre_activations
        .last()
        .copied()
        .unwrap_or_default();
    let activations = interpreter
        .plan()
        .activations
        .last()
        .copied()
        .unwrap_or_default();
    let mut sums = Sums::new(judge.classes);
    interpreter.forward_rows(rows, |start, batch, stride, buffers| {
        let labels = rows[start..start + batch]
            .iter()
            .map(|&row| labels[row as usize]);
        let (z, a) = (&buffers[logits], &buffers[activations]);
        sums.add_block((loss, &loss_params), judge, labels, (z, a), stride);
    });
    sums.finish(judge)
}

/// What the figures of a split are made from, sample by sample.
pub struct Sums {
    confusion: Confusion,
    errors: Errors,
    loss: f64,
    log_loss: f64,
    count: f64,
}

impl Sums {
    /// Nothing added yet; `classes` is 0 for regression.
    pub fn new(classes: usize) -> Self {
        Self {
            confusion: Confusion::new(classes),
            errors: Errors::default(),
            loss: 0.0,
            log_loss: 0.0,
            count: 0.0,
        }
    }

    /// Adds the samples of `labels` by the last layer's `(outputs, stride)` before and after its activation.
    pub fn add_block<T: Float>(
        &mut self,
        (loss, params): (Loss, &[f64; 2]),
        judge: Judge,
        labels: impl Iterator<Item = f64>,
        (z, a): (&[T], &[T]),
        stride: usize,
    ) {
        let y_hat = if loss.takes_logits() { z } else { a };
        let outputs = a.len() / stride.max(1);
        let mut predicted = vec![T::lit(0.0); outputs];
        let mut target = predicted.clone();
        // The slope is not wanted. Training has this function anyway, and another without it is a kilobyte of the module.
        let (mut values, mut slopes) = (predicted.clone(), predicted.clone());
        for (sample, label) in labels.enumerate() {
            for output in 0..outputs {
                predicted[output] = y_hat[output * stride + sample];
                target[output] = T::from_f64(judge.encoding.target(label, output));
            }
            self.loss += if loss == Loss::CategoricalCrossEntropy {
                loss::cross_entropy(&predicted, &target).to_f64()
            } else {
                loss.forward_with_slope(params, &predicted, &target, &mut values, &mut slopes);
                values.iter().map(|value| value.to_f64()).sum::<f64>() / outputs as f64
            };
            self.add(judge, label, |output| a[output * stride + sample].to_f64());
        }
    }

    fn add(&mut self, judge: Judge, label: f64, outputs: impl Fn(usize) -> f64) {
        self.count += 1.0;
        if judge.classes == 0 {
            self.errors.add(outputs(0), label);
            return;
        }
        let truth = label as usize;
        self.confusion.add(truth, judge.class(&outputs));
        if judge.probabilities {
            let probability = match judge.encoding {
                Encoding::ZeroOne if truth == 0 => 1.0 - outputs(0),
                Encoding::ZeroOne => outputs(0),
                _ => outputs(truth),
            };
            self.log_loss += metric::log_loss(probability);
        }
    }

    /// The figures of what was added.
    pub fn finish(self, judge: Judge) -> Evaluation {
        let mut metrics = Named::default();
        let mut undefined = Vec::new();
        for metric in Metric::ALL {
            let (value, reason) = if judge.classes == 0 {
                (self.errors.of(*metric), self.errors.undefined(*metric))
            } else {
                let value = metric.of_counts(&self.confusion);
                (value, self.confusion.undefined(*metric))
            };
            undefined.extend(reason.map(|reason| (*metric, reason)));
            if let Some(value) = value {
                metrics.insert(metric.id(), value);
            }
        }
        if judge.probabilities {
            metrics.insert(Metric::LogLoss.id(), self.log_loss / self.count.max(1.0));
        }
        let classes = 0..judge.classes;
        let confusion = classes
            .clone()
            .flat_map(|truth| classes.clone().map(move |predicted| (truth, predicted)));
        let confusion = confusion
            .map(|(truth, predicted)| self.confusion.count(truth, predicted) as u32)
            .collect();
        Evaluation {
            loss: self.loss / self.count.max(1.0),
            metrics,
            undefined,
            confusion,
        }
    }
    /// How many [`Sums::numbers`] there are.
    pub fn width(classes: usize) -> usize {
        FIXED + classes * classes
    }

    /// All of it as plain numbers, for another engine.
    #[cfg(feature = "gpu")]
    pub fn numbers(&self) -> Vec<f64> {
        let mut numbers = vec![self.loss, self.log_loss, self.count];
        numbers.extend(self.errors.sums());
        numbers.extend(self.confusion.counts().iter().map(|&count| count as f64));
        numbers
    }

    /// From as many numbers as [`Sums::width`] says.
    pub fn of_numbers(numbers: &[f64], classes: usize) -> Self {
        let (fixed, counts) = numbers.split_at(FIXED);
        Self {
            confusion: Confusion::of_counts(classes, counts.iter().map(|&count| count as u64)),
            errors: Errors::of_sums(fixed[3..].try_into().unwrap_or_default()),
            loss: fixed[0],
            log_loss: fixed[1],
            count: fixed[2],
        }
    }
}

/// Numbers of a split without its counts: loss, log loss, samples, and the five sums of a regression's errors.
const FIXED: usize = 8;
