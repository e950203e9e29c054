//! The two GPU interpreters against the CPU's f32, on whatever adapter there is.
//!
//! `REQUIRE_GPU=1` makes a missing adapter a failure; without it the tests say that they were skipped.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests are outside of functions that clippy knows as tests"
)]

mod follow;
mod formulas;
mod networks;
mod operations;
mod setting;
mod studies;
mod tolerance;
mod troubles;
