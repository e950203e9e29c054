//! A batch that is larger than the working memory: its gradients are those of all rows at once.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::rc::Rc;

use neural_playground::config::Config;
use neural_playground::data::{CustomData, Dataset, Numbers};
use neural_playground::plan::cost::BLOCK_ROWS;
use neural_playground::train::Run;

/// Two copies of the rows have the mean gradients of one, whether they are taken at once or in blocks.
#[test]
fn blocks_of_rows_have_the_gradients_of_the_whole_batch() {
    let half = BLOCK_ROWS - 100;
    let parameters = |copies: usize| -> Vec<f64> {
        let rows = copies * half;
        let value = |place: usize| ((place * 7919) % 1000) as f64 / 500.0 - 1.0;
        let inputs: Vec<f64> = (0..rows * 3)
            .map(|place| value(place % (half * 3)))
            .collect();
        let targets: Vec<f64> = (0..rows)
            .map(|row| f64::from(value((row % half) * 3) > 0.0))
            .collect();
        let custom = CustomData::new(
            Numbers::from(inputs),
            3,
            targets,
            Some(&vec![0; rows]),
            None,
        )
        .unwrap();
        let mut config = Config::default();
        config.data.dataset = "custom".into();
        config.training.optimizer =
            neural_playground::config::Choice::of("gd").with("learning_rate", 0.3);
        let mut dataset = Dataset::from_custom(&custom, &config.data, &config.seeds).unwrap();
        let inputs: Vec<f64> = std::mem::take(&mut dataset.inputs)
            .into_iter()
            .map(f64::from)
            .collect();
        let mut run: Run<f64> = Run::new(&mut config, &dataset, Rc::from(inputs), None).unwrap();
        for _ in 0..5 {
            assert!(run.step(&dataset).is_none());
        }
        run.trainer.parameters().to_vec()
    };
    let (once, blocks) = (parameters(1), parameters(2));
    assert!(once.iter().any(|value| value.abs() > 0.01));
    for (place, (once, blocks)) in once.iter().zip(&blocks).enumerate() {
        assert!(
            (once - blocks).abs() < 1e-12,
            "parameter {place}: {once} and {blocks}"
        );
    }
}
