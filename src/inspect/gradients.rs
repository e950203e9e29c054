//! The gradient of the loss, as it stands: what a step of plain gradient descent would follow.

use crate::backend::cpu::Interpreter;
use crate::plan;
use crate::random::{Purpose, Random};
use crate::real::Float;
use crate::train::Run;

/// Rows that are taken at a time.
const BLOCK: usize = 256;

/// The derivative of the mean data loss over `rows` by each parameter, laid out as the parameters.
///
/// Of the network as it is measured: no dropout, no penalty, no clipping; of frozen layers too.
pub fn gradients<T: Float>(run: &mut Run<T>, rows: &[u32]) -> Vec<T> {
    let mut network = run.trainer.plan().network.clone();
    for layer in &mut network.layers {
        layer.dropout = 0.0;
        layer.frozen = false;
    }
    let plan = plan::compile(&network, &run.training);
    let parameters = run.trainer.parameters().to_vec();
    let mut sums = vec![0.0; parameters.len()];
    let data = run.trainer.interpreter().data().clone();
    let capacity = BLOCK.min(rows.len()).max(1);
    let mut interpreter = Interpreter::new(plan, capacity, data, parameters, &[]);
    for block in rows.chunks(BLOCK) {
        interpreter.backward(block, Random::new(0, Purpose::Dropout));
        let share = block.len() as f64 / rows.len() as f64;
        for (sum, gradient) in sums.iter_mut().zip(interpreter.gradients()) {
            *sum += gradient.to_f64() * share;
        }
    }
    sums.into_iter().map(T::from_f64).collect()
}
