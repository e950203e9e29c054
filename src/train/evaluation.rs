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
    /// Class that outputs stand for; `outputs(o)` is the value of output `o`. The first of equals wins.
    pub fn class(&self, outputs: impl Fn(usize) -> f64) -> usize {
        match self.encoding {
            Encoding::ZeroOne => usize::from(outputs(0) >= 0.5),
            Encoding::PlusMinusOne => usize::from(outputs(0) >= 0.0),
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
    let (loss, params) = (interpreter.plan().loss, interpreter.plan().loss_params);
    let outputs = interpreter.plan().network.outputs();
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
    let mut total = 0.0;
    let mut predicted = vec![T::lit(0.0); outputs];
    let mut target = predicted.clone();
    let mut values = predicted.clone();
    interpreter.forward_rows(rows, |start, batch, stride, buffers| {
        let (z, a) = (&buffers[logits], &buffers[activations]);
        let y_hat = if loss.takes_logits() { z } else { a };
        for sample in 0..batch {
            let label = labels[rows[start + sample] as usize];
            for output in 0..outputs {
                predicted[output] = y_hat[output * stride + sample];
                target[output] = T::from_f64(judge.encoding.target(label, output));
            }
            total += if loss == Loss::CategoricalCrossEntropy {
                loss::cross_entropy(&predicted, &target).to_f64()
            } else {
                loss.forward(&params, &predicted, &target, &mut values);
                values.iter().map(|value| value.to_f64()).sum::<f64>() / outputs as f64
            };
            sums.add(judge, label, |output| a[output * stride + sample].to_f64());
        }
    });
    sums.finish(total / rows.len().max(1) as f64, judge)
}

struct Sums {
    confusion: Confusion,
    errors: Errors,
    log_loss: f64,
    count: f64,
}

impl Sums {
    fn new(classes: usize) -> Self {
        Self {
            confusion: Confusion::new(classes),
            errors: Errors::default(),
            log_loss: 0.0,
            count: 0.0,
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
            // scikit-learn's clipping, at the precision of f32.
            self.log_loss += metric::log_loss(probability.clamp(f64::from(f32::EPSILON), 1.0));
        }
    }

    fn finish(self, loss: f64, judge: Judge) -> Evaluation {
        let mut metrics = Named::default();
        for metric in Metric::ALL {
            let value = if judge.classes == 0 {
                self.errors.of(*metric)
            } else {
                metric.of_counts(&self.confusion)
            };
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
            loss,
            metrics,
            confusion,
        }
    }
}
