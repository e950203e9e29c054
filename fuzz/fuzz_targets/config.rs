//! Text as a config, over the defaults and over itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neural_playground::plan::cost::Limits;

fuzz_target!(|text: &str| neural_playground_fuzz::configured(Limits::OWN, text));
