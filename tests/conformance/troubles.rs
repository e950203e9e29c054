//! What goes wrong is said, not thrown.

use std::cell::Cell;

use neural_playground::backend::gpu::{Resident, Table, Trouble, Wanted, probe};
use neural_playground::config::Config;
use neural_playground::train::{OnGpu, Taking};

use crate::setting::{Case, device, tables};

async fn a_shader_that_is_none_is_rejected_and_the_device_lives_on() {
    let Some(device) = device().await else { return };
    let rejected = probe(&device, &["no_such(x)".to_owned()], &[1.0])
        .await
        .unwrap_err();
    assert!(matches!(rejected, Trouble::Rejected { .. }), "{rejected}");
    assert_eq!(device.trouble(), None);
    assert_eq!(
        probe(&device, &["x + 1.0".to_owned()], &[1.0])
            .await
            .unwrap(),
        [[2.0]]
    );
}

async fn a_model_over_the_limits_is_refused_with_the_limit_s_name() {
    let Some(device) = device().await else { return };
    let case = Case::built("large", Config::default());
    // 40 million values are more than the 128 MiB of a storage buffer that every device has.
    let inputs = vec![0.0_f32; 40_000_000];
    let table = Table {
        inputs: &inputs,
        targets: &[],
    };
    let start = case.run.trainer.start(0);
    let refused = Resident::new(&device, &[table], &[start], None)
        .await
        .err()
        .unwrap();
    let Trouble::Limit {
        limit,
        needed,
        available,
    } = refused
    else {
        panic!("{refused}");
    };
    assert_eq!(
        (limit, available),
        ("maxStorageBufferBindingSize", 128 << 20)
    );
    assert!(needed >= 160_000_000, "{needed}");
}

async fn a_lost_device_is_noticed_and_the_snapshot_goes_on_elsewhere() {
    let Some(lost) = device().await else { return };
    let Some(other) = device().await else { return };
    let mut case = Case::built("lost", Config::default());
    let contents = [case.table()];
    let steps = case.run.trainer.feed().take_steps(60);
    let make = async |device| {
        Resident::new(
            device,
            &tables(&contents),
            &[case.run.trainer.start(0)],
            None,
        )
        .await
        .unwrap()
    };
    let mut first = make(&lost).await;
    first.train(&[steps[..40].to_vec()]).unwrap();
    let snapshot = first.progress().await.unwrap().remove(0);
    lost.destroy();
    assert!(matches!(
        first.train(&[steps[40..].to_vec()]),
        Err(Trouble::Lost { .. })
    ));
    assert!(matches!(first.progress().await, Err(Trouble::Lost { .. })));
    assert!(matches!(lost.trouble(), Some(Trouble::Lost { .. })));
    let mut second = make(&other).await;
    second.restore(0, &snapshot).unwrap();
    assert!(second.progress().await.unwrap()[0] == snapshot);
    second.train(&[steps[40..].to_vec()]).unwrap();
    let mut whole = make(&other).await;
    whole.train(&[steps]).unwrap();
    assert!(second.progress().await.unwrap() == whole.progress().await.unwrap());
}

/// However slow a device is, or large a network: by a clock of which every look costs so many milliseconds.
async fn what_is_submitted_at_once_follows_from_how_long_a_step_takes() {
    let Some(device) = device().await else { return };
    for (look_ms, most_at_once) in [(1e6, 1), (1.0, 64)] {
        let mut case = Case::built("slow", Config::default());
        let now = Cell::new(0.0);
        let clock = || {
            now.set(now.get() + look_ms);
            now.get()
        };
        let mut on_gpu = OnGpu::new(&device, &mut case.run, &clock).await.unwrap();
        let before = device.traffic().submits;
        let taken = on_gpu
            .train(12, f64::INFINITY, Taking::Now, &clock)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(taken.progress.step, 12);
        // The last one reads back.
        let submits = device.traffic().submits - before - 1;
        assert_eq!(
            submits,
            12_u64.div_ceil(most_at_once),
            "{look_ms} ms a look"
        );

        // Looks at the run are cut likewise: the first are short, until it is known how long they take.
        let plan = case.run.trainer.plan().clone();
        let mut forward = on_gpu.forward(&plan).await.unwrap();
        let rows: Vec<u32> = (0..250).collect();
        let samples = forward.rows(&rows).await.unwrap();
        let wanted = [Wanted {
            buffer: plan.activations[0],
            unit: None,
        }];
        forward.take().unwrap();
        let before = device.traffic().submits;
        forward
            .outputs(&[(&samples, &wanted)], &clock)
            .await
            .unwrap();
        let submits = device.traffic().submits - before;
        assert_eq!(
            submits,
            if look_ms > 24.0 { 4 } else { 2 },
            "{look_ms} ms a look"
        );
    }
}

tests! {
    what_is_submitted_at_once_follows_from_how_long_a_step_takes,
    a_shader_that_is_none_is_rejected_and_the_device_lives_on,
    a_model_over_the_limits_is_refused_with_the_limit_s_name,
    a_lost_device_is_noticed_and_the_snapshot_goes_on_elsewhere,
}
