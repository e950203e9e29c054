//! Wide networks: one dispatch per operation, many steps per submission.

use super::bound::{Bound, Kernels, Storage, bind};
use super::device::{Device, Trouble};
use super::dispatches::{Frame, Kernel, Product, Program, RECORD, factor_place, padded, roles};
use super::fuse;
use super::resident::Table;
use super::source::{self, Lengths, Repertoire};
use super::steps::{Recorder, word};
use super::{Readback, Start, Step};

/// One run of a wide network.
pub struct Layered {
    pub(super) device: Device,
    pub(super) kernels: Kernels,
    pub(super) recorder: Recorder,
    pub(super) training: Bound,
    pub(super) product: Product,
    pub(super) products: &'static [Product],
    pub(super) data: wgpu::Buffer,
    roles: wgpu::Buffer,
    pub(super) values: wgpu::Buffer,
    pub(super) rows: wgpu::Buffer,
    rows_capacity: usize,
    losses: wgpu::Buffer,
    losses_capacity: usize,
    taken: usize,
    count: usize,
    states: usize,
    pub(super) capacity: usize,
    /// Rows of the data.
    pub(super) data_rows: usize,
}

impl Layered {
    /// Loads a run over `table`. `repertoire` says which formulas the shaders are made for; `None` takes those that
    /// occur.
    ///
    /// # Errors
    /// [`Trouble::Limit`] when it does not fit the device, and whatever the device reports.
    pub async fn new(
        device: &Device,
        table: &Table<'_>,
        start: &Start<'_>,
        repertoire: Option<&Repertoire>,
    ) -> Result<Self, Trouble> {
        Self::with_products(device, table, start, repertoire, device.products()).await
    }

    /// The same with these ways of making products alone, of those that the device has: each takes time to compile.
    ///
    /// # Errors
    /// As [`Layered::new`].
    pub async fn with_products(
        device: &Device,
        table: &Table<'_>,
        start: &Start<'_>,
        repertoire: Option<&Repertoire>,
        products: &'static [Product],
    ) -> Result<Self, Trouble> {
        let plan = start.plan;
        let fused = fuse::step(plan);
        let count = plan.network.parameter_count();
        let states = start.state.len();
        if start.parameters.len() != count || start.state.iter().any(|state| state.len() != count) {
            return Err(Trouble::Mismatch {
                message: "parameters or state are not the network's".to_owned(),
            });
        }
        // With a repertoire of the caller's, one text serves all networks.
        let own = repertoire.is_none();
        let repertoire = Repertoire::chosen(repertoire, &fused)?;
        let frame = Frame {
            plan,
            stride: start.capacity.next_multiple_of(4),
            base: 0,
            targets: table.inputs.len(),
            seed: start.batch_seed,
            states,
            groups: &start.groups,
        };
        let program = Program::new(&frame, &fused);
        let values = factor_place(count, states) + 4;
        for words in [
            table.inputs.len() + table.targets.len(),
            values,
            program.work,
        ] {
            device.fits(words)?;
        }
        let used: Vec<Kernel> = program
            .dispatches
            .iter()
            .map(|dispatch| dispatch.kernel)
            .collect();
        let frozen = plan.network.layers.iter().any(|layer| layer.frozen);
        let mut shape = program.shape(frozen);
        if !own {
            (shape.dropout, shape.l2) = (true, true);
        }
        let roles = roles(plan);
        let lengths = own.then_some(Lengths {
            data: table.inputs.len() + table.targets.len(),
            roles: roles.len(),
            values,
            work: program.work,
        });
        let text = source::layered(
            &repertoire,
            shape,
            lengths,
            products.contains(&Product::Quads).then_some(program.values),
        );
        let kernels =
            Kernels::new(device, &text, products, |kernel| used.contains(&kernel)).await?;
        let layered = device
            .guarded(|| {
                let data = device.storage("data", table.inputs.len() + table.targets.len());
                device.write(&data, 0, table.inputs);
                device.write(&data, table.inputs.len(), table.targets);
                let values = device.storage("values", values);
                device.write(&values, 0, start.parameters);
                for (index, state) in start.state.iter().enumerate() {
                    device.write(&values, (2 + index) * padded(count), state);
                }
                let roles = device.filled("roles", &roles);
                let (rows, losses) = (device.storage("rows", 1), device.storage("losses", 1));
                let storage = Storage {
                    data: &data,
                    rows: &rows,
                    roles: &roles,
                    values: &values,
                    losses: &losses,
                };
                let ones = program.ones;
                let training = Bound::new(device, &kernels, program, &storage);
                if let Some(ones) = ones {
                    device.write(&training.work, ones, &vec![1.0_f32; start.capacity]);
                }
                (training, data, values, roles, rows, losses)
            })
            .await?;
        let (training, data, values, roles, rows, losses) = layered;
        Ok(Self {
            device: device.clone(),
            kernels,
            recorder: Recorder::new(start, &fused),
            training,
            product: products.last().copied().unwrap_or(Product::Blocks),
            products,
            data,
            roles,
            values,
            rows,
            rows_capacity: 1,
            losses,
            losses_capacity: 1,
            taken: 0,
            count,
            states,
            capacity: start.capacity,
            data_rows: table.inputs.len() / plan.network.inputs.max(1),
        })
    }

    /// How products are made.
    pub fn product(&self) -> Product {
        self.product
    }

    /// Forces one way of making products.
    pub fn set_product(&mut self, product: Product) {
        self.product = product;
    }

    /// Dispatches of one step.
    pub fn dispatches(&self) -> usize {
        self.training.program.dispatches.len()
    }

    /// Trains by these steps, in one submission; `rows` are theirs, one step after the other. Returns when they are
    /// submitted.
    ///
    /// The caller keeps slices short: what is submitted cannot be taken back.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when the rows do not fit the steps, and whatever the device has reported so far.
    pub fn train(&mut self, steps: &[Step], rows: &[u32]) -> Result<(), Trouble> {
        self.device.check()?;
        let total: usize = steps.iter().map(|step| step.place.count as usize).sum();
        let fitting = steps
            .iter()
            .all(|step| (1..=self.capacity).contains(&(step.place.count as usize)));
        if total != rows.len() || !fitting {
            return Err(Trouble::Mismatch {
                message: format!("{} rows for {total}", rows.len()),
            });
        }
        let mut records = Vec::with_capacity(RECORD * self.recorder.groups * steps.len());
        let mut indices = Vec::with_capacity(steps.len());
        let mut begin = 0;
        for (index, step) in steps.iter().enumerate() {
            for group in 0..self.recorder.groups {
                let mut record = self.recorder.record(step, group, false);
                record[1] = begin;
                record[7] = word(index);
                records.extend(record);
                records.resize(records.len().next_multiple_of(RECORD), 0);
            }
            begin += step.place.count;
            indices.push((index, step.place.count as usize));
        }
        self.grow(rows.len(), steps.len());
        self.device.write(&self.rows, 0, rows);
        self.training
            .set_steps(&self.device, &self.kernels, &records);
        self.submit(self.product, &indices, |_| true);
        self.taken = steps.len();
        self.device.check()
    }

    pub(super) fn grow(&mut self, rows: usize, steps: usize) {
        if rows <= self.rows_capacity && steps <= self.losses_capacity {
            return;
        }
        self.rows_capacity = self.rows_capacity.max(rows);
        self.losses_capacity = self.losses_capacity.max(steps);
        self.rows = self.device.storage("rows", self.rows_capacity);
        self.losses = self.device.storage("losses", self.losses_capacity);
        let storage = Storage {
            data: &self.data,
            rows: &self.rows,
            roles: &self.roles,
            values: &self.values,
            losses: &self.losses,
        };
        self.training.storage = bind(&self.device, &self.kernels, &self.training.work, &storage);
    }

    pub(super) fn submit(
        &self,
        product: Product,
        indices: &[(usize, usize)],
        wanted: impl Fn(Kernel) -> bool,
    ) {
        self.device.submit(|pass| {
            indices
                .iter()
                .map(|&index| {
                    self.training
                        .encode(pass, &self.kernels, product, index, &wanted)
                })
                .sum()
        });
    }

    /// The mean data loss of every step of the newest slice.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub async fn losses(&self) -> Result<Vec<f32>, Trouble> {
        let read = self.device.read(&[(&self.losses, 0, self.taken)]).await?;
        Ok(read.into_iter().flatten().collect())
    }

    /// What training has changed so far.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub async fn progress(&self) -> Result<Readback, Trouble> {
        let parts = self.parts(0..2 + self.states);
        let words = self.device.read(&parts).await?.concat();
        Ok(Readback::from_words(&words, self.count))
    }

    /// Parameters (0), gradients (1) and states where they lie.
    pub(super) fn parts(
        &self,
        which: impl IntoIterator<Item = usize>,
    ) -> Vec<(&wgpu::Buffer, usize, usize)> {
        let apart = padded(self.count);
        which
            .into_iter()
            .map(|part| (&self.values, part * apart, self.count))
            .collect()
    }

    /// Parameters and state, one after the other: what training goes on from. Gradients stay there.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub async fn words(&self) -> Result<Vec<f32>, Trouble> {
        let parts = self.parts(std::iter::once(0).chain(2..2 + self.states));
        Ok(self.device.read(&parts).await?.concat())
    }

    /// Goes back (or forth) to what was read before.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when it is of another shape.
    pub fn restore(&mut self, progress: &Readback) -> Result<(), Trouble> {
        let words = progress.to_words();
        if words.len() != self.count * (2 + self.states) {
            return Err(Trouble::Mismatch {
                message: format!("{} values for {}", words.len(), self.count),
            });
        }
        for (part, words) in words.chunks_exact(self.count).enumerate() {
            self.device
                .write(&self.values, part * padded(self.count), words);
        }
        self.device.check()
    }
}
