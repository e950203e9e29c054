//! The two GPU interpreters against the CPU's f32, on whatever adapter there is.
//!
//! Natively `REQUIRE_GPU=1` makes a missing adapter a failure; without it the tests say that they were skipped. In the
//! browser, in a worker, the adapter must be there, and the long tests are shorter ([`setting::amount`]); `make test-all`
//! shortens none.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests are outside of functions that clippy knows as tests"
)]

/// Tests as functions that wait: blocked upon natively, awaited in a worker of the browser.
macro_rules! tests {
    ($($name:ident,)*) => {
        mod tests {
            $(
                #[cfg(not(target_arch = "wasm32"))]
                #[test]
                fn $name() {
                    pollster::block_on(super::$name());
                }

                #[cfg(target_arch = "wasm32")]
                #[wasm_bindgen_test::wasm_bindgen_test]
                async fn $name() {
                    super::$name().await;
                }
            )*
        }
    };
}

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

mod follow;
mod formulas;
mod handover;
mod networks;
mod operations;
mod setting;
mod studies;
mod tolerance;
mod troubles;
