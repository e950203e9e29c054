//! Formulas evaluated on the device, one value at a time: how its arithmetic is told apart from the CPU's.

use std::fmt::Write;

use super::device::{Device, Trouble};
use super::source::{self, Repertoire};

/// The value of each expression for each `x`. An expression is WGSL of type f32 over `x: f32` and may call every
/// function that the interpreters' shaders have: `np_tanh(x)`,
/// `activation_with_slope(2u, x, vec2<f32>(0.0, 0.0)).y`.
///
/// # Errors
/// [`Trouble::Rejected`] when an expression is not WGSL, and whatever the device reports.
pub async fn probe(
    device: &Device,
    expressions: &[String],
    x: &[f32],
) -> Result<Vec<Vec<f32>>, Trouble> {
    let mut text = source::formulas(&Repertoire::everything());
    text.push_str(
        "@group(0) @binding(0) var<storage, read> xs: array<f32>;
@group(0) @binding(1) var<storage, read_write> results: array<f32>;
// What an optimizer's formula reads: an expression gives it by way of any number, `row + with_scalars(list)`.
var<private> scalars: array<f32, 10>;
fn step_scalar(i: u32) -> f32 { return scalars[i]; }
fn with_scalars(list: array<f32, 10>) -> u32 { scalars = list; return 0u; }
",
    );
    // A function each, so that compilers do not drown in one.
    for (index, expression) in expressions.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "fn probe_{index}(x: f32) -> f32 {{ return {expression}; }}"
        );
    }
    text.push_str(
        "@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let count = arrayLength(&xs);
    if id.x >= count { return; }
    let x = xs[id.x];
",
    );
    for index in 0..expressions.len() {
        let _ = writeln!(
            text,
            "    results[{index}u * count + id.x] = probe_{index}(x);"
        );
    }
    text.push_str("}\n");
    let pipeline = device.pipeline("probe", &text).await?;
    let xs = device.filled("xs", x);
    let results = device.storage("results", expressions.len() * x.len());
    let group = device.bind(&pipeline, &[&xs, &results]);
    let groups = u32::try_from(x.len().div_ceil(64)).unwrap_or(u32::MAX);
    device.dispatch(&pipeline, &group, groups);
    let parts: Vec<_> = (0..expressions.len())
        .map(|index| (&results, index * x.len(), x.len()))
        .collect();
    device.read(&parts).await
}
