//! Neural Playground: networks that train in the page.
//!
//! The map, in the order of the arrows (a file may use what stands above it):
//!
//! | module | what |
//! | --- | --- |
//! | [`real`] | `Real`: f32, f64, `Dual`, `Wgsl` - the number a formula is read with |
//! | [`random`] | counter-based random numbers keyed by (seed, purpose, index) |
//! | [`error`] | every refusal, with a stable code and the field it names |
//! | [`formula`] | the tables: activation, loss, penalty, optimizer, schedule, initializer, metric |
//! | [`config`] | `Config`: the one schema; defaults, limits, validation, effect of each field |
//! | [`data`] | data sets, features, split, scaling |
//! | [`model`] | layers, shapes, parameters |
//! | [`plan`] | a network compiled to a list of `Op`s over numbered buffers |
//! | [`backend`] | the interpreters of a plan |
//! | [`train`] | the training loop, early stopping, history |
//! | [`inspect`] | maps, evaluation |
//! | [`session`] | `Command -> Event`: the product without pixels |
//! | `web_objects` | what both boundaries hand out |
//! | `web` | the wasm boundary |
//! | `web_gpu` | the wasm boundary of the module with the GPU interpreters |
//! | `web_compiler` | the wasm boundary of the module that writes code for one network |

pub mod backend;
pub mod config;
pub mod data;
pub mod error;
pub mod formula;
pub mod inspect;
pub mod model;
pub mod plan;
pub mod random;
pub mod real;
pub mod session;
pub mod train;
// A module that ships has one boundary. A build for development has each that its features name, so that lints and tests of all
// of them are compiled once.
#[cfg(all(
    target_arch = "wasm32",
    any(debug_assertions, not(any(feature = "gpu", feature = "compiler")))
))]
pub mod web;
#[cfg(all(
    target_arch = "wasm32",
    feature = "compiler",
    any(debug_assertions, not(feature = "gpu"))
))]
pub mod web_compiler;
#[cfg(all(target_arch = "wasm32", feature = "gpu"))]
pub mod web_gpu;
#[cfg(all(
    target_arch = "wasm32",
    any(debug_assertions, not(feature = "compiler"))
))]
mod web_objects;
