//! Training needs no more memory after a million steps than at the start, and allocates nothing on the way.

#![cfg(not(target_arch = "wasm32"))]
#![allow(unsafe_code, reason = "a counting allocator is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use neural_playground::session::Session;

/// The system's allocator, counted.
struct Counting;

thread_local! {
    // The test's own thread alone: the test runner allocates in others.
    static CALLS: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

fn calls() -> usize {
    CALLS.get()
}

fn bytes() -> usize {
    BYTES.get()
}

// SAFETY: every call is the system allocator's own.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.set(CALLS.get() + 1);
        BYTES.set(BYTES.get().wrapping_add(layout.size()));
        // SAFETY: the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        BYTES.set(BYTES.get().wrapping_sub(layout.size()));
        // SAFETY: the caller's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn step(session: &mut Session, count: u32) {
    let events = session.handle(&format!(r#"{{"type":"step","count":{count}}}"#), &|| 0.0);
    assert!(events.is_empty(), "{events:?}");
}

#[test]
fn a_million_steps_allocate_nothing() {
    let mut session = Session::new().unwrap();
    step(&mut session, 1_000);
    let held = bytes();
    for _ in 0..10 {
        let before = calls();
        step(&mut session, 100_000);
        // The command's text is read; no step adds to that.
        let more = calls() - before;
        assert!(more < 100, "{more} allocations in 100,000 steps");
    }
    assert_eq!(bytes(), held);

    // The worked example's size, over 1,000 rows: 784-64-64-10, Adam, batches of 32.
    let rows = 1_000;
    let targets: Vec<f32> = (0..rows).map(|row| (row % 10) as f32).collect();
    let inputs = (0..rows * 784)
        .map(|place| (place % 17) as f32 / 17.0)
        .collect();
    session
        .set_data(inputs, 784, &targets, Some(&vec![0; rows]), None)
        .unwrap();
    let layer = r#"{"units":64,"activation":"relu","dropout":0.1,"frozen":false}"#;
    let patch = format!(
        r#"{{"type":"patch","patch":{{"network":{{"hidden":[{layer},{layer}]}},"training":{{"optimizer":"adam","batch_size":32}}}}}}"#
    );
    session.handle(&patch, &|| 0.0);
    step(&mut session, 40);
    let held = bytes();
    let before = calls();
    step(&mut session, 400);
    assert!(calls() - before < 100);
    assert_eq!(bytes(), held);
    println!("784-64-64-10 over {rows} rows holds {} KiB", held / 1024);
}
