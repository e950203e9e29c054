//! Pictures and figures taken from a run without changing it.

mod digits;
mod gradients;
mod maps;

pub use digits::{WrongDigit, add_wrong, most_confident_first, wrong_digits};
pub use gradients::gradients;
pub use maps::{Maps, activations, large_map, maps, predict, sign, transposed};
