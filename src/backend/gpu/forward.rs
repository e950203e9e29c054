//! The forward pass over parameters that are being trained: evaluations and maps, block by block.

use super::bound::{Bound, Kernels, Storage};
use super::device::{Device, Trouble};
use super::dispatches::{Frame, Kernel, Product, Program, RECORD};
use super::fuse;
use super::layered::Layered;
use super::resident::Resident;
use super::source::{self, Lengths, Repertoire, StepShape};
use super::steps::word;
use crate::plan::{BufferId, Plan};

/// A forward pass. It sees every step that its run has been trained by when it is submitted.
pub struct Forward {
    device: Device,
    kernels: Kernels,
    bound: Bound,
    product: Product,
    inputs: usize,
    capacity: usize,
    count: usize,
    x: BufferId,
    activations: Vec<BufferId>,
}

impl Forward {
    /// For blocks of at most `capacity` samples with a resident run's parameters; they are read where they are.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when there is no such run, [`Trouble::Limit`], and whatever the device reports.
    pub async fn of_resident(
        resident: &Resident,
        run: usize,
        plan: &Plan,
        capacity: usize,
    ) -> Result<Self, Trouble> {
        let Some((values, base)) = resident.parameters(run) else {
            return Err(Trouble::Mismatch {
                message: format!("there is no run {run}"),
            });
        };
        let products = &[Product::Blocks];
        Self::new(resident.device(), plan, capacity, (values, base), products).await
    }

    /// For blocks of at most `capacity` samples with a layered run's parameters; they are read where they are.
    ///
    /// # Errors
    /// [`Trouble::Limit`], and whatever the device reports.
    pub async fn of_layered(
        layered: &Layered,
        plan: &Plan,
        capacity: usize,
    ) -> Result<Self, Trouble> {
        let products: &[Product] = match layered.product {
            Product::Tiles => &[Product::Tiles],
            Product::Blocks => &[Product::Blocks],
            Product::Quads => &[Product::Quads],
        };
        Self::new(
            &layered.device,
            plan,
            capacity,
            (&layered.values, 0),
            products,
        )
        .await
    }

    async fn new(
        device: &Device,
        plan: &Plan,
        capacity: usize,
        (values, base): (&wgpu::Buffer, usize),
        products: &[Product],
    ) -> Result<Self, Trouble> {
        let capacity = capacity.next_multiple_of(4);
        let fused = fuse::forward(plan);
        let mut repertoire = Repertoire::default();
        repertoire.add(&fused);
        let frame = Frame {
            plan,
            stride: capacity,
            base,
            targets: 0,
            seed: 0,
            states: 0,
        };
        let program = Program::new(&frame, &fused);
        let inputs = plan.network.inputs;
        device.fits(program.work.max(capacity * inputs))?;
        let lengths = Some(Lengths {
            data: 1,
            roles: 1,
            values: (values.size() / 4) as usize,
            work: program.work,
        });
        let quads = products.contains(&Product::Quads).then_some(program.values);
        let text = source::layered(&repertoire, StepShape::default(), lengths, quads);
        let kernels = Kernels::new(device, &text, products, |kernel| {
            matches!(kernel, Kernel::Forward | Kernel::Softmax)
        })
        .await?;
        let bound = device
            .guarded(|| {
                let unused =
                    ["data", "rows", "roles", "losses"].map(|label| device.storage(label, 1));
                let storage = Storage {
                    data: &unused[0],
                    rows: &unused[1],
                    roles: &unused[2],
                    values,
                    losses: &unused[3],
                };
                Bound::new(device, &kernels, program, &storage)
            })
            .await?;
        Ok(Self {
            device: device.clone(),
            kernels,
            bound,
            product: products.first().copied().unwrap_or(Product::Blocks),
            inputs,
            capacity,
            count: 0,
            x: plan.input,
            activations: plan.activations.clone(),
        })
    }

    /// Runs the samples of `inputs`, `(count, inputs)` row-major. Returns when they are submitted.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when they are more than the block takes, and whatever the device has reported so far.
    pub fn run(&mut self, inputs: &[f32]) -> Result<(), Trouble> {
        self.device.check()?;
        let count = inputs.len() / self.inputs;
        if count == 0 || count > self.capacity || count * self.inputs != inputs.len() {
            return Err(Trouble::Mismatch {
                message: format!("{} inputs for blocks of {}", inputs.len(), self.capacity),
            });
        }
        let mut x = vec![0.0_f32; self.inputs * self.capacity];
        for (sample, row) in inputs.chunks_exact(self.inputs).enumerate() {
            for (column, value) in row.iter().enumerate() {
                x[column * self.capacity + sample] = *value;
            }
        }
        let mut record = vec![0; RECORD];
        record[0] = word(count);
        let place = self.bound.program.places[self.x].unwrap_or(0);
        self.device.write(&self.bound.work, place, &x);
        self.bound.set_steps(&self.device, &self.kernels, &record);
        self.device.submit(|pass| {
            self.bound
                .encode(pass, &self.kernels, self.product, (0, count), |_| true)
        });
        self.count = count;
        self.device.check()
    }

    /// A layer's activations for the samples of the newest block, `(units, count)`: one row per unit, as a map wants
    /// them. The last layer's are the predictions.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when there is no such layer, and whatever the device reports.
    pub async fn activations(&self, layer: usize) -> Result<Vec<f32>, Trouble> {
        let place = self.activations.get(layer).and_then(|&buffer| {
            let place = self.bound.program.places[buffer]?;
            Some((place, self.bound.program.features[buffer]))
        });
        let Some((place, features)) = place else {
            return Err(Trouble::Mismatch {
                message: format!("there is no layer {layer}"),
            });
        };
        let rows: Vec<_> = (0..features)
            .map(|feature| {
                (
                    &self.bound.work,
                    place + feature * self.capacity,
                    self.count,
                )
            })
            .collect();
        let read = self.device.read(&rows).await?;
        Ok(read.into_iter().flatten().collect())
    }
}
