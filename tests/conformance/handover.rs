//! From the CPU to a device and back: what lives with a run comes along, and trial steps leave nothing behind.

use neural_playground::backend::gpu::Device;
use neural_playground::config::{Choice, Config, EarlyStoppingConfig, Mode};
use neural_playground::data::Dataset;
use neural_playground::train::{OnGpu, Run, Snapshot, Taking};

use crate::follow::assert_close;
use crate::setting::{device, network, with_output};
use crate::tolerance::TRAINED;

/// A run with the data set that its config names.
fn built(config: &Config) -> (Run<f32>, Dataset) {
    let dataset = Dataset::build(&config.data, &config.seeds, config.mode, None).unwrap();
    let inputs = dataset.inputs.as_slice().into();
    let run = Run::new(&mut config.clone(), &dataset, inputs, None).unwrap();
    (run, dataset)
}

fn step(run: &mut Run<f32>, dataset: &Dataset, steps: u64) {
    for _ in 0..steps {
        assert_eq!(run.step(dataset), None);
    }
}

/// As many steps on the device, by way of bytes both ways.
async fn on_device(device: &Device, run: &mut Run<f32>, dataset: &Dataset, steps: u64) {
    let bytes = run.trainer.hand_over().to_bytes();
    let mut on_gpu = OnGpu::new(device, run, &|| 0.0).await.unwrap();
    on_gpu
        .restore(&Snapshot::from_bytes(&bytes).unwrap())
        .unwrap();
    let trained = on_gpu
        .train(steps, f64::INFINITY, Taking::Now, &|| 0.0)
        .await
        .unwrap()
        .unwrap();
    let trained = Snapshot::from_bytes(&trained.to_bytes()).unwrap();
    assert_eq!(trained.progress.step, run.trainer.step_count() + steps);
    assert_eq!(run.adopt(dataset, &trained).unwrap(), None);
}

fn configs() -> Vec<(&'static str, Config)> {
    let mut playground = network(&[(6, "tanh"), (4, "tanh")]);
    playground.mode = Mode::TfPlayground;
    playground = with_output(playground, "tanh", "half_mse");
    playground.training.optimizer = Choice::of("sgd").with("learning_rate", 0.1);
    playground.training.penalty = Choice::of("l1").with("lambda", 0.03);
    // Of 250 rows six epochs' worth go in joined batches.
    playground.training.batch_size = 30;
    playground.network.hidden[0].learning_rate_factor = 0.5;

    let mut factors = network(&[(5, "tanh"), (7, "sigmoid"), (3, "tanh")]);
    factors.network.hidden[0].learning_rate_factor = 0.1;
    factors.network.hidden[1].learning_rate_factor = 4.0;
    factors.network.output.learning_rate_factor = 0.1;
    factors.training.penalty = Choice::of("elastic_net").with("l1", 0.01).with("l2", 0.01);
    factors.training.clip = Choice::of("norm").with("limit", 0.2);
    factors.training.max_norm = 2.0;

    let mut decayed = factors.clone();
    decayed.training.penalty = Choice::of("weight_decay").with("lambda", 0.1);
    decayed.training.clip = Choice::of("value").with("limit", 0.05);
    decayed.training.optimizer = Choice::of("nadam").with("learning_rate", 0.01);
    let mut configs = vec![
        ("playground", playground),
        ("rate factors", factors),
        ("rate factors, limited values", decayed),
    ];
    for (_, config) in &mut configs {
        config.training.early_stopping = Some(EarlyStoppingConfig {
            patience: 1000,
            ..EarlyStoppingConfig::default()
        });
    }
    configs
}

async fn a_run_goes_to_the_device_and_back_with_all_that_it_has() {
    let Some(device) = device().await else { return };
    for (name, config) in configs() {
        let (mut straight, dataset) = built(&config);
        let (mut moved, _) = built(&config);
        // To the end of an epoch, where the rules judge, and on.
        let epoch = straight.trainer.steps_per_epoch() as u64;
        let first = 20 * epoch + epoch / 2;
        step(&mut straight, &dataset, first);
        step(&mut moved, &dataset, first);
        let before = moved.trainer.snapshot();
        let rest = epoch - epoch / 2;
        on_device(&device, &mut moved, &dataset, rest).await;
        step(&mut straight, &dataset, rest);
        let (there, here) = (moved.trainer.snapshot(), straight.trainer.snapshot());
        assert_eq!(there.progress.clocks, here.progress.clocks, "{name}");
        assert_eq!(
            (
                there.progress.step,
                there.progress.epoch,
                there.progress.position
            ),
            (
                here.progress.step,
                here.progress.epoch,
                here.progress.position
            ),
            "{name}"
        );
        let (kept, known) = (there.memory.best.unwrap(), here.memory.best.unwrap());
        assert_eq!((kept.epoch, kept.wait), (known.epoch, known.wait), "{name}");
        assert_close(
            name,
            "parameter",
            &there.progress.parameters,
            &here.progress.parameters,
            TRAINED,
        );
        // On the CPU again: as if it had been there all the time.
        step(&mut moved, &dataset, epoch);
        step(&mut straight, &dataset, epoch);
        assert_close(
            name,
            "parameter",
            moved.trainer.parameters(),
            straight.trainer.parameters(),
            TRAINED,
        );
        if config.mode != Mode::TfPlayground {
            continue;
        }
        let cut = |snapshot: &Snapshot<f32>| -> Vec<usize> {
            let state = &snapshot.progress.state[0];
            (0..state.len()).filter(|&at| state[at] == 1.0).collect()
        };
        let (early, late) = (cut(&before), cut(&moved.trainer.snapshot()));
        assert!(early.len() > 3, "{early:?}");
        assert!(
            early.iter().all(|at| late.contains(at)),
            "{early:?} {late:?}"
        );
        for at in late {
            assert_eq!(moved.trainer.parameters()[at], 0.0, "{name}: {at}");
        }
    }
}

async fn a_layer_unfrozen_on_the_device_moves_as_on_the_cpu() {
    let Some(device) = device().await else { return };
    for optimizer in ["adam", "nadam", "adagrad", "rmsprop"] {
        let mut config = network(&[(5, "tanh"), (3, "tanh")]);
        config.training.optimizer = Choice::of(optimizer).with("learning_rate", 0.01);
        let mut frozen = config.clone();
        frozen.network.hidden[0].frozen = true;
        let (mut run, dataset) = built(&frozen);
        step(&mut run, &dataset, 500);
        let (mut here, _) = built(&config);
        here.continue_from(&run, true);
        let (mut there, _) = built(&config);
        there.continue_from(&run, true);
        step(&mut here, &dataset, 4);
        on_device(&device, &mut there, &dataset, 4).await;
        assert_close(
            optimizer,
            "parameter",
            there.trainer.parameters(),
            here.trainer.parameters(),
            TRAINED,
        );
    }
}

async fn a_snapshot_whose_clocks_need_other_groups_is_refused() {
    let Some(device) = device().await else { return };
    let config = network(&[(5, "tanh"), (3, "tanh")]);
    let (mut run, _) = built(&config);
    let mut on_gpu = OnGpu::new(&device, &mut run, &|| 0.0).await.unwrap();
    let mut snapshot = run.trainer.hand_over();
    on_gpu.restore(&snapshot).unwrap();
    snapshot.progress.clocks[1].step = 7;
    assert!(on_gpu.restore(&snapshot).is_err());
}

tests! {
    a_run_goes_to_the_device_and_back_with_all_that_it_has,
    a_layer_unfrozen_on_the_device_moves_as_on_the_cpu,
    a_snapshot_whose_clocks_need_other_groups_is_refused,
}
