//! A network compiled to a plan: a list of [`Op`]s over numbered buffers. Data, not methods.
//!
//! Interpreters live in `backend`. Back-propagation is a rule of the compiler, written once.

mod compile;
pub mod cost;
mod op;

pub use compile::{Penalty, Training, UpdateRule, compile};
pub use op::{Buffer, BufferId, Layout, Op, Plan};
