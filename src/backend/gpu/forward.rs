//! The forward pass over the parameters of a run that is being trained: evaluations and maps.

use super::bound::{Bound, Kernels, Storage, bind};
use super::device::{Device, Trouble};
use super::dispatches::{Extent, Frame, Kernel, Product, Program, RECORD, padded};
use super::fuse;
use super::layered::Layered;
use super::resident::Resident;
use super::source::{self, Lengths, Repertoire, StepShape};
use super::steps::{real, word};
use crate::plan::{BufferId, Plan};

/// Working buffers have at most about so many words,
const MOST_WORDS: usize = 1 << 22;
/// and take at most so many samples, and at least so many.
const MOST_SAMPLES: usize = 1 << 14;
const LEAST_SAMPLES: usize = 64;
/// Milliseconds of one submission, as of training's: far under what drivers stand.
const SLICE_MS: f64 = 24.0;

/// A forward pass over a copy of a run's parameters, which training leaves alone while it goes on.
pub struct Forward {
    device: Device,
    kernels: Kernels,
    bound: Bound,
    product: Product,
    /// Where the parameters are trained.
    trained: (wgpu::Buffer, usize),
    count: usize,
    /// Their copy.
    values: wgpu::Buffer,
    /// The run's own inputs.
    table: wgpu::Buffer,
    unused: [wgpu::Buffer; 2],
    inputs: usize,
    capacity: usize,
    /// Samples of one submission. Nothing is known at first.
    slice: usize,
}

/// Samples on the device.
pub struct Samples {
    group: wgpu::BindGroup,
    count: usize,
}

/// What is to be read back for each sample: a buffer of the plan's forward pass, or one of its units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// An activation, a pre-activation, or the input.
    pub buffer: BufferId,
    /// All of them, where there is none.
    pub unit: Option<usize>,
}

/// Some of a question's samples.
struct Block {
    question: usize,
    start: usize,
    count: usize,
}

impl Forward {
    /// Over the parameters of a resident run, all of whose tables are one.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when there is no such run, [`Trouble::Limit`], and whatever the device reports.
    pub async fn of_resident(
        resident: &Resident,
        run: usize,
        plan: &Plan,
    ) -> Result<Self, Trouble> {
        let Some((values, base, table)) = resident.parameters(run) else {
            return Err(Trouble::Mismatch {
                message: format!("there is no run {run}"),
            });
        };
        let products = &[Product::Blocks];
        Self::new(resident.device(), plan, (values, base), table, products).await
    }

    /// Over the parameters of a layered run.
    ///
    /// # Errors
    /// [`Trouble::Limit`], and whatever the device reports.
    pub async fn of_layered(layered: &Layered, plan: &Plan) -> Result<Self, Trouble> {
        let products: &[Product] = match layered.product {
            Product::Tiles => &[Product::Tiles],
            Product::Blocks => &[Product::Blocks],
            Product::Quads => &[Product::Quads],
        };
        let (device, values) = (&layered.device, (&layered.values, 0));
        Self::new(device, plan, values, &layered.data, products).await
    }

    async fn new(
        device: &Device,
        plan: &Plan,
        (trained, base): (&wgpu::Buffer, usize),
        table: &wgpu::Buffer,
        products: &[Product],
    ) -> Result<Self, Trouble> {
        let fused = fuse::forward(plan);
        let mut repertoire = Repertoire::default();
        repertoire.add(&fused);
        let inputs = plan.network.inputs;
        let count = plan.network.parameter_count();
        let program = |stride| program(plan, &fused, stride);
        let words = program(1).work;
        let capacity = (MOST_WORDS / words.max(1)).clamp(LEAST_SAMPLES, MOST_SAMPLES);
        // Kernels may take four values at once.
        let capacity = capacity.next_multiple_of(4);
        let lain = padded(count);
        let program = program(capacity);
        device.fits(program.work.max(lain))?;
        let lengths = Some(Lengths {
            // Each kind of samples has a table of its own.
            data: 0,
            roles: 1,
            values: lain,
            work: program.work,
        });
        let quads = products.contains(&Product::Quads).then_some(program.values);
        let text = source::layered(&repertoire, StepShape::default(), lengths, quads);
        let kernels = Kernels::new(device, &text, products, |kernel| {
            matches!(kernel, Kernel::Gather | Kernel::Forward | Kernel::Softmax)
        })
        .await?;
        let (bound, values, unused) = device
            .guarded(|| {
                let unused = ["roles", "losses"].map(|label| device.storage(label, 1));
                let values = device.storage("values looked at", lain);
                let storage = Storage {
                    data: table,
                    rows: &unused[0],
                    roles: &unused[0],
                    values: &values,
                    losses: &unused[1],
                };
                let bound = Bound::new(device, &kernels, program, &storage);
                (bound, values, unused)
            })
            .await?;
        Ok(Self {
            device: device.clone(),
            kernels,
            bound,
            product: products.first().copied().unwrap_or(Product::Blocks),
            trained: (trained.clone(), base),
            count,
            values,
            table: table.clone(),
            unused,
            inputs,
            capacity,
            slice: LEAST_SAMPLES,
        })
    }

    /// Takes the parameters as they are after everything that has been submitted so far: what follows looks at these.
    ///
    /// # Errors
    /// Whatever the device has reported so far.
    pub fn take(&self) -> Result<(), Trouble> {
        self.device.check()?;
        let (from, base) = (&self.trained.0, 4 * self.trained.1 as u64);
        self.device
            .copy(from, base, &self.values, 4 * self.count as u64);
        self.device.check()
    }

    /// Samples of `inputs`, `(count, inputs)` row-major.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when they are not whole rows, [`Trouble::Limit`], and whatever the device reports.
    pub async fn samples(&self, inputs: &[f32]) -> Result<Samples, Trouble> {
        let count = inputs.len() / self.inputs.max(1);
        if count * self.inputs != inputs.len() {
            return Err(Trouble::Mismatch {
                message: format!("{} inputs for rows of {}", inputs.len(), self.inputs),
            });
        }
        self.device.fits(inputs.len())?;
        let rows: Vec<u32> = (0..count).map(word).collect();
        let data = self
            .device
            .guarded(|| self.device.filled("samples", inputs))
            .await?;
        self.rows_of(&data, &rows).await
    }

    /// Rows of the run's own inputs, which stay where they are.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub async fn rows(&self, rows: &[u32]) -> Result<Samples, Trouble> {
        self.rows_of(&self.table, rows).await
    }

    async fn rows_of(&self, data: &wgpu::Buffer, rows: &[u32]) -> Result<Samples, Trouble> {
        let group = self
            .device
            .guarded(|| {
                let storage = Storage {
                    data,
                    rows: &self.device.filled("rows", rows),
                    roles: &self.unused[0],
                    values: &self.values,
                    losses: &self.unused[1],
                };
                bind(&self.device, &self.kernels, &self.bound.work, &storage)
            })
            .await?;
        Ok(Samples {
            group,
            count: rows.len(),
        })
    }

    /// What is wanted of each of the samples: for each question, for each of its wishes, `(units, samples)`, one row per
    /// unit, as a map wants them. In as few submissions as may be, none longer than about `SLICE_MS`; `clock` gives
    /// milliseconds.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when the forward pass has no such buffer or unit, and whatever the device reports.
    pub async fn outputs(
        &mut self,
        questions: &[(&Samples, &[Wanted])],
        clock: &dyn Fn() -> f64,
    ) -> Result<Vec<Vec<Vec<f32>>>, Trouble> {
        // For each wish: where its first unit lies, and how many there are.
        let mut places: Vec<Vec<(usize, usize)>> = Vec::new();
        for (_, wanted) in questions {
            let found = wanted.iter().map(|&wanted| self.place(wanted));
            places.push(found.collect::<Result<_, _>>()?);
        }
        let mut answers: Vec<Vec<Vec<f32>>> = questions
            .iter()
            .zip(&places)
            .map(|((samples, _), places)| {
                let of = |&(_, units): &(usize, usize)| vec![0.0; units * samples.count];
                places.iter().map(of).collect()
            })
            .collect();
        let mut next = (0, 0);
        loop {
            let blocks = self.blocks(questions, &mut next);
            if blocks.is_empty() {
                return Ok(answers);
            }
            let begin = clock();
            let words = self.submit(questions, &places, &blocks).await?;
            let done: usize = blocks.iter().map(|block| block.count).sum();
            if 2 * done >= self.slice {
                let ratio = (SLICE_MS / (clock() - begin).max(0.1)).clamp(0.25, 4.0);
                let slice = (done as f64 * ratio).round() as usize;
                self.slice = slice.max(LEAST_SAMPLES);
            }
            let mut from = words.as_slice();
            for block in &blocks {
                let total = questions[block.question].0.count;
                for answer in &mut answers[block.question] {
                    for row in answer.chunks_exact_mut(total) {
                        let (own, rest) = from.split_at(block.count);
                        row[block.start..][..block.count].copy_from_slice(own);
                        from = rest;
                    }
                }
            }
        }
    }

    fn place(&self, Wanted { buffer, unit }: Wanted) -> Result<(usize, usize), Trouble> {
        let program = &self.bound.program;
        let units = program.features.get(buffer).copied().unwrap_or(0);
        match (program.places.get(buffer).copied().flatten(), unit) {
            (Some(place), None) => Ok((place, units)),
            (Some(place), Some(unit)) if unit < units => Ok((place + unit * self.capacity, 1)),
            _ => Err(Trouble::Mismatch {
                message: format!("there is no unit {unit:?} of buffer {buffer}"),
            }),
        }
    }

    /// The next samples, as many as go into one submission.
    fn blocks(
        &self,
        questions: &[(&Samples, &[Wanted])],
        (question, start): &mut (usize, usize),
    ) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut left = self.slice;
        while let Some((samples, _)) = questions.get(*question)
            && left > 0
        {
            let count = (samples.count - *start).min(left).min(self.capacity);
            if count > 0 {
                blocks.push(Block {
                    question: *question,
                    start: *start,
                    count,
                });
            }
            *start += count;
            left -= count;
            if *start == samples.count {
                (*question, *start) = (*question + 1, 0);
            }
        }
        blocks
    }

    /// Runs the blocks; for each, for each wish, for each unit, the values of its samples.
    async fn submit(
        &mut self,
        questions: &[(&Samples, &[Wanted])],
        places: &[Vec<(usize, usize)>],
        blocks: &[Block],
    ) -> Result<Vec<f32>, Trouble> {
        let mut records = vec![0; RECORD * blocks.len()];
        let mut total = 0;
        for (record, block) in records.chunks_exact_mut(RECORD).zip(blocks) {
            (record[0], record[1]) = (word(block.count), word(block.start));
            record[9] = real(1.0 / block.count as f64);
            let units: usize = places[block.question].iter().map(|(_, units)| units).sum();
            total += units * block.count;
        }
        self.bound.set_steps(&self.device, &self.kernels, &records);
        let Self {
            device,
            bound,
            kernels,
            product,
            capacity,
            ..
        } = self;
        let encode = |encoder: &mut wgpu::CommandEncoder, staging: &wgpu::Buffer| {
            let mut dispatches = 0;
            let mut to = 0;
            for (index, block) in blocks.iter().enumerate() {
                bound.storage = questions[block.question].0.group.clone();
                dispatches += bound.encode(
                    &mut encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default()),
                    kernels,
                    *product,
                    (index, block.count),
                    |_| true,
                );
                for &(place, units) in &places[block.question] {
                    for unit in 0..units {
                        let from = 4 * (place + unit * *capacity) as u64;
                        let bytes = 4 * block.count as u64;
                        encoder.copy_buffer_to_buffer(&bound.work, from, staging, to, bytes);
                        to += bytes;
                    }
                }
            }
            dispatches
        };
        device.fetch(total, encode).await
    }
}

/// Gathers the samples and runs them through the network.
fn program(plan: &Plan, fused: &[fuse::Fused], stride: usize) -> Program {
    let frame = Frame {
        plan,
        stride,
        base: 0,
        targets: 0,
        seed: 0,
        states: 0,
        groups: &[],
    };
    let mut program = Program::new(&frame, fused);
    let inputs = plan.network.inputs;
    let words = [
        program.place(&frame, plan.input),
        word(inputs),
        0,
        0,
        0,
        word(stride),
    ];
    let extent = Extent::Elements(0, inputs.div_ceil(8));
    program.push(Kernel::Gather, extent, &words);
    // It comes first.
    program.dispatches.rotate_right(1);
    program.records.rotate_right(RECORD);
    program
}
