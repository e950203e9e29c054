//! Pictures and figures taken from a run without changing it.

mod digits;
mod gradients;
mod maps;

pub use digits::{WrongDigit, wrong_digits};
#[cfg(feature = "gpu")]
pub use digits::{add_wrong, most_confident_first};
pub use gradients::gradients;
#[cfg(feature = "gpu")]
pub use maps::sign;
pub use maps::{Maps, activations, large_map, maps, predict, transposed};
