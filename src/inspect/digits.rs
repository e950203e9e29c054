//! The digits that a network gets wrong.

use crate::data::{Dataset, Part};
use crate::real::order;
use crate::train::{Judge, Run};

/// A digit that was taken for another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WrongDigit {
    /// Row of the data.
    pub index: u32,
    /// What it is.
    pub truth: usize,
    /// What it was taken for.
    pub predicted: usize,
    /// With which probability (or score).
    pub probability: f64,
}

/// All wrong digits of a part, the most confident mistakes first.
pub fn wrong_digits(run: &mut Run<f32>, dataset: &Dataset, part: Part) -> Vec<WrongDigit> {
    let rows = dataset.part(part);
    let judge = run.judge;
    let Some(output) = run.trainer.plan().activations.last().copied() else {
        return Vec::new();
    };
    let mut wrong = Vec::new();
    run.trainer
        .interpreter()
        .forward_rows(rows, |start, batch, stride, buffers| {
            let outputs = (&*buffers[output], stride);
            add_wrong(
                &mut wrong,
                (judge, dataset),
                &rows[start..start + batch],
                outputs,
            );
        });
    most_confident_first(&wrong)
}

/// Adds those of `rows` that are wrong by the outputs `(classes, stride)`.
pub fn add_wrong(
    wrong: &mut Vec<WrongDigit>,
    (judge, dataset): (Judge, &Dataset),
    rows: &[u32],
    (outputs, stride): (&[f32], usize),
) {
    for (sample, &index) in rows.iter().enumerate() {
        let value = |class: usize| f64::from(outputs[class * stride + sample]);
        let predicted = judge.class(value);
        let truth = dataset.targets[index as usize] as usize;
        if predicted != truth {
            wrong.push(WrongDigit {
                index,
                truth,
                predicted,
                probability: value(predicted),
            });
        }
    }
}

/// In the order in which they are shown.
pub fn most_confident_first(wrong: &[WrongDigit]) -> Vec<WrongDigit> {
    let sorted = |digits: &[WrongDigit], key: fn(&WrongDigit) -> f64| -> Vec<WrongDigit> {
        let keys: Vec<f64> = digits.iter().map(key).collect();
        order(&keys)
            .into_iter()
            .map(|place| digits[place])
            .collect()
    };
    let wrong = sorted(wrong, |digit| f64::from(digit.index));
    sorted(&wrong, |digit| -digit.probability)
}
