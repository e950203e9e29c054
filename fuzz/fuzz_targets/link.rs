//! Text as the config that a link carries: the same way in, with the lower limits of what nobody has chosen.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neural_playground::plan::cost::Limits;

fuzz_target!(|text: &str| neural_playground_fuzz::configured(Limits::LINK, text));
