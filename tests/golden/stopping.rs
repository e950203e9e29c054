//! Early stopping as Keras's callback: when it stops, whose weights a run ends with, and what a second fit does.

use std::rc::Rc;

use neural_playground::config::{Config, EarlyStoppingConfig};
use neural_playground::data::Dataset;
use neural_playground::train::{Ending, Run};
use serde::Deserialize;

use super::reader::read;

#[derive(Deserialize)]
struct File {
    entries: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Case {
    patience: u32,
    min_delta: f64,
    restore_best: bool,
    higher_is_better: bool,
    stop_epochs: u32,
    fits: Vec<Fit>,
}

/// Figures of the epochs; all epochs done when it ended, whether by early stopping, and at which epoch's end the weights
/// were those that it ended with.
#[derive(Debug, Deserialize)]
struct Fit {
    figures: Vec<f64>,
    epochs: u64,
    early: bool,
    weights_of: f32,
}

fn run(case: &Case) -> Run<f32> {
    let mut config = Config::default();
    config.training.early_stopping = Some(EarlyStoppingConfig {
        metric: if case.higher_is_better {
            "accuracy"
        } else {
            "loss"
        }
        .into(),
        patience: case.patience,
        min_delta: case.min_delta,
        restore_best: case.restore_best,
    });
    config.training.stop.epochs = case.stop_epochs;
    // A step is an epoch.
    config.training.batch_size = 5000;
    let dataset = Dataset::build(&config.data, &config.seeds, config.mode, None).unwrap();
    let inputs: Rc<[f32]> = dataset.inputs.as_slice().into();
    Run::new(&mut config, &dataset, inputs, None).unwrap()
}

#[test]
fn every_run_ends_where_keras_s_ends_with_the_same_weights() {
    let file: File = read("stopping");
    assert!(file.entries.len() > 10);
    for case in &file.entries {
        let trainer = &mut run(case).trainer;
        let count = trainer.parameters().len();
        let mut done = 0;
        for fit in &case.fits {
            let mut ending = None;
            for &figure in &fit.figures {
                trainer.train_step().unwrap();
                done += 1;
                // Every weight is the number of the epoch.
                trainer.set_parameters(&vec![done as f32; count]);
                ending = trainer.finish_epoch(|_| Some(figure));
                if ending.is_some() {
                    break;
                }
            }
            let early = matches!(ending, Some(Ending::EarlyStopping { .. }));
            // Figures that run out end a fit of Keras's that nothing has stopped.
            assert!(ending.is_some(), "{case:?}");
            assert_eq!((done, early), (fit.epochs, fit.early), "{case:?}");
            assert_eq!(trainer.parameters()[0], fit.weights_of, "{case:?}");
        }
    }
}
