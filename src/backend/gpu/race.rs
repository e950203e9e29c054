//! Which way of making products a wide network is trained by: the fastest of those that agree.

use super::device::Trouble;
use super::dispatches::{Kernel, Product};
use super::layered::Layered;
use super::steps::word;

/// Gradients that are compared at most, the first layer's first: they have gone through every product of the step.
const COMPARED: usize = 1 << 20;
/// How far gradients may be apart, relative to the largest. Sums in another order differ by far less, a wrong kernel by
/// far more; and a way that is refused wrongly only costs time.
const AGREE: f64 = 1e-3;

impl Layered {
    /// Makes the products of a step in every way that the device has and keeps the fastest of those whose gradients are
    /// those of the plainest; milliseconds of each. `clock` gives milliseconds. Parameters stay as they are: only working
    /// buffers and gradients are written.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub async fn race(&mut self, clock: impl Fn() -> f64) -> Result<Vec<(Product, f64)>, Trouble> {
        const ROUNDS: usize = 5;
        let rows: Vec<u32> = (0..self.capacity)
            .map(|row| word(row % self.data_rows.max(1)))
            .collect();
        self.grow(rows.len(), 1);
        self.device.write(&self.rows, 0, &rows);
        let record = self.recorder.trial(self.capacity);
        self.training
            .set_steps(&self.device, &self.kernels, &record);
        let (mut times, mut gradients) = (Vec::new(), Vec::new());
        for &product in self.products {
            let one = [(0, self.capacity)];
            self.submit(product, &one, |kernel| !kernel.moves_parameters());
            let parts: Vec<_> = self
                .parts([1])
                .into_iter()
                .map(|(buffer, start, count)| (buffer, start, count.min(COMPARED)))
                .collect();
            gradients.push(self.device.read(&parts).await?.concat());
            let mut time = 0.0;
            // The first round warms up.
            for rounds in [1, ROUNDS] {
                let begin = clock();
                let indices = vec![(0, self.capacity); rounds];
                self.submit(product, &indices, Kernel::is_product);
                self.device.finished().await?;
                time = (clock() - begin) / rounds as f64;
            }
            times.push((product, time));
        }
        self.product = fastest(&times, &gradients);
        Ok(times)
    }

    /// Milliseconds of each operation of a step, those of a kind together, by name. Parameters change: what follows is no
    /// training.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub async fn times(
        &mut self,
        clock: impl Fn() -> f64,
    ) -> Result<Vec<(&'static str, f64)>, Trouble> {
        const ROUNDS: usize = 10;
        let mut times = Vec::new();
        for kernel in Kernel::ALL {
            let used = &self.training.program.dispatches;
            if !used.iter().any(|dispatch| dispatch.kernel == kernel) {
                continue;
            }
            let begin = clock();
            let indices = vec![(0, self.capacity); ROUNDS];
            self.submit(self.product, &indices, |wanted| wanted == kernel);
            self.device.finished().await?;
            let time = (clock() - begin) / ROUNDS as f64;
            times.push((kernel.entry(self.product), time));
        }
        Ok(times)
    }
}

/// The fastest of those that agree with the plainest, which needs neither shared memory nor neighbours.
fn fastest(times: &[(Product, f64)], gradients: &[Vec<f32>]) -> Product {
    let plainest = times
        .iter()
        .position(|&(product, _)| product == Product::Blocks)
        .unwrap_or(0);
    let fastest = times
        .iter()
        .zip(gradients)
        .filter(|(_, found)| agree(&gradients[plainest], found))
        .min_by(|(one, _), (other, _)| one.1.total_cmp(&other.1));
    fastest.map_or(Product::Blocks, |(&(product, _), _)| product)
}

/// What is no number says nothing against either.
fn agree(expected: &[f32], found: &[f32]) -> bool {
    if !expected.iter().all(|value| value.is_finite()) {
        return true;
    }
    let largest = expected
        .iter()
        .fold(0.0_f64, |most, &value| most.max(f64::from(value).abs()));
    expected.iter().zip(found).all(|(&expected, &found)| {
        (f64::from(expected) - f64::from(found)).abs() <= AGREE * largest
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: [(Product, f64); 3] = [
        (Product::Tiles, 2.0),
        (Product::Blocks, 3.0),
        (Product::Quads, 1.0),
    ];

    fn chosen(quads: [f32; 2]) -> Product {
        let right = vec![1.0, -0.5];
        fastest(&TIMES, &[right.clone(), right, quads.to_vec()])
    }

    #[test]
    fn the_fastest_wins_when_all_agree() {
        assert_eq!(chosen([1.000_01, -0.5]), Product::Quads);
    }

    #[test]
    fn a_way_with_other_gradients_is_never_chosen() {
        for wrong in [[1.0, 0.5], [1.01, -0.5], [f32::NAN, -0.5], [0.0, 0.0]] {
            assert_eq!(chosen(wrong), Product::Tiles, "{wrong:?}");
        }
    }

    #[test]
    fn the_plainest_is_left_when_no_other_agrees() {
        let gradients = [vec![0.0], vec![1.0], vec![2.0]];
        assert_eq!(fastest(&TIMES, &gradients), Product::Blocks);
    }

    #[test]
    fn gradients_that_are_no_numbers_leave_the_choice_to_time() {
        let gradients = [vec![f32::NAN], vec![f32::INFINITY], vec![0.0]];
        assert_eq!(fastest(&TIMES, &gradients), Product::Quads);
    }
}
