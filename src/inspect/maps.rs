//! What every neuron answers over the plane (or the line).

use crate::config::Encoding;
use crate::train::Run;

/// Every neuron's map: `layers[0]` the input features, then hidden layers, then the output.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Maps {
    /// Points on a side.
    pub resolution: usize,
    /// `(units, cells)` each; a cell's place is that of `Dataset::grid`.
    pub layers: Vec<Vec<f32>>,
}

/// Maps over `grid` `(cells, columns)`. Without `hidden` only the output's map is taken, in `layers[0]`.
///
/// One output for two classes is shown signed, -1..1 with the boundary at 0; several are probabilities or scores.
pub fn maps(run: &mut Run<f32>, grid: &[f32], resolution: usize, hidden: bool) -> Maps {
    let plan = run.trainer.plan();
    let mut buffers = Vec::new();
    if hidden {
        buffers.push((plan.input, plan.network.inputs));
        let layers = plan.activations.iter().zip(&plan.network.layers);
        buffers.extend(layers.map(|(buffer, layer)| (*buffer, layer.outputs)));
    } else {
        buffers.extend(
            plan.activations
                .last()
                .map(|buffer| (*buffer, plan.network.outputs())),
        );
    }
    let mut layers = collect(run, grid, &buffers);
    if let Some(output) = layers.last_mut() {
        sign(run, output);
    }
    Maps { resolution, layers }
}

/// The map of one unit over `grid`: `layer` 0 = input features, as in [`maps`]; `None` = all outputs.
pub fn large_map(
    run: &mut Run<f32>,
    grid: &[f32],
    unit: Option<(usize, usize)>,
) -> (usize, Vec<f32>) {
    let plan = run.trainer.plan();
    let last = plan.activations.len();
    let (layer, unit) = match unit {
        Some((layer, unit)) => (layer.min(last), Some(unit)),
        None => (last, None),
    };
    let (buffer, units) = match layer.checked_sub(1) {
        None => (plan.input, plan.network.inputs),
        Some(index) => (plan.activations[index], plan.network.layers[index].outputs),
    };
    let cells = grid.len() / plan.network.inputs.max(1);
    let mut map = collect(run, grid, &[(buffer, units)])
        .pop()
        .unwrap_or_default();
    if layer == last {
        sign(run, &mut map);
    }
    match unit {
        Some(unit) => {
            let start = unit.min(units.saturating_sub(1)) * cells;
            (
                1,
                map.get(start..start + cells).unwrap_or_default().to_vec(),
            )
        }
        None => (units, map),
    }
}

/// Outputs for `inputs` `(rows, columns)`: `(rows, outputs)` row-major, probabilities or values as the output layer gives them.
pub fn predict(run: &mut Run<f32>, inputs: &[f32]) -> Vec<f32> {
    let plan = run.trainer.plan();
    let outputs = plan.network.outputs();
    let rows = inputs.len() / plan.network.inputs.max(1);
    let Some(buffer) = plan.activations.last().copied() else {
        return Vec::new();
    };
    let by_unit = collect(run, inputs, &[(buffer, outputs)])
        .pop()
        .unwrap_or_default();
    let mut by_row = vec![0.0; rows * outputs];
    for (output, values) in by_unit.chunks_exact(rows.max(1)).enumerate() {
        for (row, value) in values.iter().enumerate() {
            by_row[row * outputs + output] = *value;
        }
    }
    by_row
}

/// What a layer (0 = input features) puts out for `rows` of the data: `(units, rows)`. The output is as the network
/// gives it, probabilities as 0..1.
pub fn activations(run: &mut Run<f32>, rows: &[u32], layer: usize) -> Vec<f32> {
    let plan = run.trainer.plan();
    let (buffer, units) = match layer.checked_sub(1) {
        None => (plan.input, plan.network.inputs),
        Some(index) => (plan.activations[index], plan.network.layers[index].outputs),
    };
    let mut out = vec![0.0; units * rows.len()];
    run.trainer
        .interpreter()
        .forward_rows(rows, |start, batch, stride, working| {
            for unit in 0..units {
                let from = &working[buffer][unit * stride..][..batch];
                out[unit * rows.len() + start..][..batch].copy_from_slice(from);
            }
        });
    out
}

fn sign(run: &Run<f32>, output: &mut [f32]) {
    if run.judge.encoding == Encoding::ZeroOne {
        for value in output {
            *value = 2.0 * *value - 1.0;
        }
    }
}

/// `(units, rows)` of each buffer for row-major `inputs` `(rows, columns)`.
fn collect(run: &mut Run<f32>, inputs: &[f32], buffers: &[(usize, usize)]) -> Vec<Vec<f32>> {
    let columns = run.trainer.plan().network.inputs.max(1);
    let rows = inputs.len() / columns;
    let mut collected: Vec<Vec<f32>> = buffers
        .iter()
        .map(|(_, units)| vec![0.0; units * rows])
        .collect();
    run.trainer.interpreter().forward(
        rows,
        |start, batch, stride, x| {
            let block = &inputs[start * columns..(start + batch) * columns];
            for (sample, row) in block.chunks_exact(columns).enumerate() {
                for (column, value) in row.iter().enumerate() {
                    x[column * stride + sample] = *value;
                }
            }
        },
        |start, batch, stride, working| {
            for ((buffer, units), out) in buffers.iter().zip(&mut collected) {
                for unit in 0..*units {
                    let from = &working[*buffer][unit * stride..][..batch];
                    out[unit * rows + start..][..batch].copy_from_slice(from);
                }
            }
        },
    );
    collected
}
