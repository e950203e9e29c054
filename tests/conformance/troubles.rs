//! What goes wrong is said, not thrown.

use neural_playground::backend::gpu::{Resident, Table, Trouble, probe};
use neural_playground::config::Config;
use pollster::block_on;

use crate::setting::{Case, device, tables};

#[test]
fn a_shader_that_is_none_is_rejected_and_the_device_lives_on() {
    let Some(device) = device() else { return };
    let rejected = block_on(probe(&device, &["no_such(x)".to_owned()], &[1.0])).unwrap_err();
    assert!(matches!(rejected, Trouble::Rejected { .. }), "{rejected}");
    assert_eq!(device.trouble(), None);
    assert_eq!(
        block_on(probe(&device, &["x + 1.0".to_owned()], &[1.0])).unwrap(),
        [[2.0]]
    );
}

#[test]
fn a_model_over_the_limits_is_refused_with_the_limit_s_name() {
    let Some(device) = device() else { return };
    let case = Case::built("large", Config::default());
    // 40 million values are more than the 128 MiB of a storage buffer that every device has.
    let inputs = vec![0.0_f32; 40_000_000];
    let table = Table {
        inputs: &inputs,
        targets: &[],
    };
    let start = case.run.trainer.start(0);
    let refused = block_on(Resident::new(&device, &[table], &[start], None))
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

#[test]
fn a_lost_device_is_noticed_and_the_snapshot_goes_on_elsewhere() {
    let Some(lost) = device() else { return };
    let Some(other) = device() else { return };
    let mut case = Case::built("lost", Config::default());
    let contents = [case.table()];
    let steps = case.run.trainer.feed().take_steps(60);
    let make = |device| {
        block_on(Resident::new(
            device,
            &tables(&contents),
            &[case.run.trainer.start(0)],
            None,
        ))
        .unwrap()
    };
    let mut first = make(&lost);
    first.train(&[steps[..40].to_vec()]).unwrap();
    let snapshot = block_on(first.progress()).unwrap().remove(0);
    lost.destroy();
    assert!(matches!(
        first.train(&[steps[40..].to_vec()]),
        Err(Trouble::Lost { .. })
    ));
    assert!(matches!(
        block_on(first.progress()),
        Err(Trouble::Lost { .. })
    ));
    assert!(matches!(lost.trouble(), Some(Trouble::Lost { .. })));
    let mut second = make(&other);
    second.restore(0, &snapshot).unwrap();
    assert!(block_on(second.progress()).unwrap()[0] == snapshot);
    second.train(&[steps[40..].to_vec()]).unwrap();
    let mut whole = make(&other);
    whole.train(&[steps]).unwrap();
    assert!(block_on(second.progress()).unwrap() == block_on(whole.progress()).unwrap());
}
