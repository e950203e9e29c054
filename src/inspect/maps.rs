//! What every neuron answers over the plane (or the line).

use std::rc::Rc;

use crate::config::Encoding;
use crate::train::Run;

/// Every neuron's map: `layers[0]` the input features, then hidden layers, then the output.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Maps {
    /// Points on a side.
    pub resolution: usize,
    /// `(units, cells)` each; a cell's place is that of `Dataset::grid`.
    pub layers: Vec<Rc<Vec<f32>>>,
}

/// Maps over `grid`, feature-major: `(columns, cells)`. Without `hidden` only the output's map is taken, in `layers[0]`.
/// They are written where `spare` ones of the same network have been, if their memory is free. `units` says for each
/// layer of the answer which are wanted, ascending: the others' maps are left out, and deeper layers are not computed.
///
/// One output for two classes is shown signed, -1..1 with the boundary at 0; several are probabilities or scores.
pub fn maps(
    run: &mut Run<f32>,
    grid: &Rc<Vec<f32>>,
    (resolution, hidden): (usize, bool),
    units: Option<&[Vec<usize>]>,
    spare: Maps,
) -> Maps {
    let network = &run.trainer.plan().network;
    let cells = grid.len() / network.inputs.max(1);
    let depth = network.layers.len();
    let first = if hidden { 0 } else { depth - 1 };
    let wanted = |place: usize| units.map(|units| units.get(place).map_or(&[][..], Vec::as_slice));
    let mut spare = spare.layers.into_iter().skip(usize::from(hidden));
    let mut filled: Vec<Vec<f32>> = vec![Vec::new(); first];
    for (place, layer) in network.layers[first..].iter().enumerate() {
        let mut map = spare.next().and_then(Rc::into_inner).unwrap_or_default();
        let none = wanted(place + usize::from(hidden)).is_some_and(<[usize]>::is_empty);
        map.resize(if none { 0 } else { layer.outputs * cells }, 0.0);
        filled.push(map);
    }
    let deepest = filled.iter().rposition(|map| !map.is_empty());
    let deepest = deepest.map_or(0, |index| index + 1);
    run.trainer
        .interpreter()
        .forward_maps(grid, cells, &mut filled[..deepest]);
    if let Some(output) = filled.get_mut(depth - 1) {
        sign(run, output);
    }
    let mut layers = Vec::with_capacity(depth + 1);
    if hidden {
        layers.push(match wanted(0) {
            None => Rc::clone(grid),
            Some(units) => Rc::new(only(units, grid.to_vec(), cells)),
        });
    }
    for map in filled.drain(first..) {
        layers.push(Rc::new(match wanted(layers.len()) {
            None => map,
            Some(units) => only(units, map, cells),
        }));
    }
    Maps { resolution, layers }
}

/// Of all units' maps those of `units`, ascending, where they lie.
fn only(units: &[usize], mut maps: Vec<f32>, cells: usize) -> Vec<f32> {
    for (place, unit) in units.iter().enumerate() {
        maps.copy_within(unit * cells..(unit + 1) * cells, place * cells);
    }
    maps.truncate(units.len() * cells);
    maps
}

/// The map of one unit over `grid`, as in [`maps`]: `layer` 0 = input features; `None` = all outputs.
pub fn large_map(
    run: &mut Run<f32>,
    grid: &[f32],
    unit: Option<(usize, usize)>,
) -> (usize, Vec<f32>) {
    let network = &run.trainer.plan().network;
    let cells = grid.len() / network.inputs.max(1);
    let last = network.layers.len();
    let (layer, unit) = match unit {
        Some((layer, unit)) => (layer.min(last), Some(unit)),
        None => (last, None),
    };
    let (units, mut map) = match layer.checked_sub(1) {
        None => (network.inputs, grid.to_vec()),
        Some(index) => {
            let units = network.layers[index].outputs;
            let mut filled = vec![Vec::new(); index];
            filled.push(vec![0.0; units * cells]);
            run.trainer
                .interpreter()
                .forward_maps(grid, cells, &mut filled);
            (units, filled.pop().unwrap_or_default())
        }
    };
    if layer == last {
        sign(run, &mut map);
    }
    match unit {
        Some(unit) => {
            let start = unit.min(units.saturating_sub(1)) * cells;
            let one = map.get(start..start + cells);
            (1, one.unwrap_or_default().to_vec())
        }
        None => (units, map),
    }
}

/// Outputs for `inputs` `(rows, columns)`: `(rows, outputs)` row-major, probabilities or values as the output layer gives them.
pub fn predict(run: &mut Run<f32>, inputs: &[f32]) -> Vec<f32> {
    let network = &run.trainer.plan().network;
    let (columns, outputs) = (network.inputs, network.outputs());
    let rows = inputs.len() / columns.max(1);
    let mut maps = vec![Vec::new(); network.layers.len() - 1];
    maps.push(vec![0.0; outputs * rows]);
    let x = transposed(inputs, columns);
    run.trainer.interpreter().forward_maps(&x, rows, &mut maps);
    let by_unit = maps.pop().unwrap_or_default();
    if outputs == 1 {
        return by_unit;
    }
    transposed(&by_unit, rows)
}

/// Row-major values, `columns` a row, by columns.
pub fn transposed(values: &[f32], columns: usize) -> Vec<f32> {
    let by_column = |column| values.iter().skip(column).step_by(columns.max(1));
    (0..columns).flat_map(by_column).copied().collect()
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
