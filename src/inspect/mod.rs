//! Pictures and figures taken from a run without changing it.

mod digits;
mod maps;

pub use digits::{WrongDigit, wrong_digits};
pub use maps::{Maps, large_map, maps, predict};
