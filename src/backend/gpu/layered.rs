//! Wide networks: one dispatch per operation, many steps per submission.

use super::device::{Device, Trouble, written_first};
use super::fuse::{self, Dense, Fused, Update};
use super::resident::{Resident, Table};
use super::source::{self, Repertoire};
use super::steps::{Recorder, STEP_WORDS, dropout, real, word};
use super::{Progress, Start, Step};
use crate::plan::{BufferId, Plan};

const NONE: u32 = u32::MAX;
/// Words from one record to the next: dynamic offsets are multiples of 256 bytes.
const RECORD: usize = 64;
/// Bytes of a record that a kernel sees.
const RECORD_BYTES: u64 = 4 * STEP_WORDS as u64;

/// How matrix products are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// Tiles in workgroup memory.
    Tiles,
    /// A block of outputs per invocation, without workgroup memory.
    Blocks,
}

/// The kernels' entry points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kernel {
    Gather,
    Forward,
    Backward,
    Gradient,
    Softmax,
    Loss,
    CrossEntropy,
    SoftmaxGrad,
    Multiply,
    Norm,
    Update,
    MaxNorm,
    TfPlayground,
}

impl Kernel {
    const ALL: [Self; 13] = [
        Self::Gather,
        Self::Forward,
        Self::Backward,
        Self::Gradient,
        Self::Softmax,
        Self::Loss,
        Self::CrossEntropy,
        Self::SoftmaxGrad,
        Self::Multiply,
        Self::Norm,
        Self::Update,
        Self::MaxNorm,
        Self::TfPlayground,
    ];

    fn entry(self, product: Product) -> &'static str {
        let tiles = product == Product::Tiles;
        match self {
            Self::Gather => "gather",
            Self::Forward if tiles => "tiles_forward",
            Self::Forward => "blocks_forward",
            Self::Backward if tiles => "tiles_backward",
            Self::Backward => "blocks_backward",
            Self::Gradient if tiles => "tiles_gradient",
            Self::Gradient => "blocks_gradient",
            Self::Softmax => "softmax",
            Self::Loss => "loss",
            Self::CrossEntropy => "cross_entropy",
            Self::SoftmaxGrad => "softmax_grad",
            Self::Multiply => "multiply",
            Self::Norm => "norm",
            Self::Update => "update",
            Self::MaxNorm => "max_norm",
            Self::TfPlayground => "tf_playground",
        }
    }

    fn is_product(self) -> bool {
        matches!(self, Self::Forward | Self::Backward | Self::Gradient)
    }
}

/// How many workgroups a dispatch has.
#[derive(Debug, Clone, Copy)]
enum Extent {
    /// One workgroup.
    One,
    /// 64 elements per workgroup; so many elements, and so many more for each row of the step.
    Elements(usize, usize),
    /// A product's rows and columns; the step's rows where there are no columns.
    Product(usize, Option<usize>),
}

#[derive(Debug, Clone, Copy)]
struct Dispatch {
    kernel: Kernel,
    extent: Extent,
}

/// The dispatches of a plan's step or forward pass, with their records.
struct Program {
    dispatches: Vec<Dispatch>,
    records: Vec<u32>,
    /// Where each working buffer starts.
    places: Vec<Option<usize>>,
    features: Vec<usize>,
    /// Words of all working buffers.
    work: usize,
}

/// What records are made from.
struct Frame<'a> {
    plan: &'a Plan,
    stride: usize,
    /// Where the parameters start in `values`.
    base: usize,
    /// Where the targets start in `data`.
    targets: usize,
    seed: u32,
    states: usize,
}

impl Program {
    fn new(frame: &Frame<'_>, fused: &[Fused]) -> Self {
        let buffers = &frame.plan.buffers;
        let mut program = Self {
            dispatches: Vec::new(),
            records: Vec::new(),
            places: vec![None; buffers.len()],
            features: buffers.iter().map(|buffer| buffer.features).collect(),
            work: 0,
        };
        let update = fused.iter().find_map(|op| match op {
            Fused::Update(update) => Some(update),
            _ => None,
        });
        for op in fused {
            program.add(frame, op, update);
        }
        program
    }

    fn place(&mut self, frame: &Frame<'_>, buffer: BufferId) -> u32 {
        let features = self.features[buffer];
        let work = &mut self.work;
        word(*self.places[buffer].get_or_insert_with(|| {
            let place = *work;
            *work += features * frame.stride;
            place
        }))
    }

    fn push(&mut self, kernel: Kernel, extent: Extent, words: &[u32]) {
        self.dispatches.push(Dispatch { kernel, extent });
        self.records.extend_from_slice(words);
        self.records.resize(RECORD * self.dispatches.len(), 0);
    }

    fn add(&mut self, frame: &Frame<'_>, op: &Fused, update: Option<&Update>) {
        let network = &frame.plan.network;
        let stride = word(frame.stride);
        let count = network.parameter_count();
        match *op {
            Fused::Gather { x, y } => {
                let words = [
                    self.place(frame, x),
                    word(network.inputs),
                    self.place(frame, y),
                    word(network.outputs()),
                    word(frame.targets),
                    stride,
                ];
                let per_row = network.inputs + network.outputs();
                self.push(Kernel::Gather, Extent::Elements(0, per_row), &words);
            }
            Fused::Dense(dense) => self.add_dense(frame, &dense),
            Fused::Softmax { z, a } => {
                let words = [
                    self.place(frame, z),
                    self.place(frame, a),
                    word(self.features[z]),
                    stride,
                ];
                self.push(Kernel::Softmax, Extent::Elements(0, 1), &words);
            }
            Fused::Loss {
                loss,
                params,
                y_hat,
                y,
                d,
                by,
            } => {
                let words = [
                    loss as u32,
                    real(params[0]),
                    real(params[1]),
                    self.place(frame, y_hat),
                    self.place(frame, y),
                    self.place(frame, d),
                    word(self.features[d]),
                    by.map_or(NONE, |by| self.place(frame, by)),
                    stride,
                ];
                self.push(Kernel::Loss, Extent::One, &words);
            }
            Fused::CrossEntropy { z, y, d } => {
                let words = [
                    self.place(frame, z),
                    self.place(frame, y),
                    self.place(frame, d),
                    word(self.features[d]),
                    stride,
                ];
                self.push(Kernel::CrossEntropy, Extent::One, &words);
            }
            Fused::SoftmaxGrad { a, d } => {
                let words = [
                    self.place(frame, a),
                    self.place(frame, d),
                    word(self.features[d]),
                    stride,
                ];
                self.push(Kernel::SoftmaxGrad, Extent::Elements(0, 1), &words);
            }
            Fused::Multiply { d, by } => {
                let elements = self.features[d] * frame.stride;
                let words = [self.place(frame, d), self.place(frame, by), word(elements)];
                self.push(Kernel::Multiply, Extent::Elements(elements, 0), &words);
            }
            Fused::GradInput {
                layer,
                d_z,
                d_x,
                by,
            } => {
                let layer = &network.layers[layer];
                let words = [
                    word(layer.inputs),
                    NONE,
                    word(layer.outputs),
                    word(frame.base + layer.weight().start),
                    1,
                    word(layer.inputs),
                    self.place(frame, d_z),
                    stride,
                    1,
                    self.place(frame, d_x),
                    by.map_or(NONE, |by| self.place(frame, by)),
                    stride,
                ];
                self.push(
                    Kernel::Backward,
                    Extent::Product(layer.inputs, None),
                    &words,
                );
            }
            Fused::Gradients { layer, d_z, x } => {
                let layer = &network.layers[layer];
                let words = [
                    word(layer.outputs),
                    word(layer.inputs + 1),
                    NONE,
                    self.place(frame, d_z),
                    stride,
                    1,
                    self.place(frame, x),
                    1,
                    stride,
                    word(frame.base + count + layer.offset),
                    word(layer.inputs),
                    real(update.map_or(0.0, |update| update.l2)),
                    word(frame.base + layer.offset),
                ];
                self.push(
                    Kernel::Gradient,
                    Extent::Product(layer.outputs, Some(layer.inputs + 1)),
                    &words,
                );
            }
            Fused::Update(update) => self.add_update(frame, &update),
        }
    }

    fn add_dense(&mut self, frame: &Frame<'_>, dense: &Dense) {
        let layer = &frame.plan.network.layers[dense.layer];
        let mut place =
            |buffer: Option<BufferId>| buffer.map_or(NONE, |buffer| self.place(frame, buffer));
        let [x, z, a, slope] = [Some(dense.x), dense.z, dense.a, dense.slope].map(&mut place);
        let (row, params) = dense
            .activation
            .map_or((NONE, [0.0; 2]), |(row, params)| (row as u32, params));
        let (threshold, factor) = dropout(dense.dropout);
        let words = [
            word(layer.outputs),
            NONE,
            word(layer.inputs),
            word(frame.base + layer.weight().start),
            word(layer.inputs),
            1,
            x,
            word(frame.stride),
            1,
            word(frame.base + layer.bias().start),
            z,
            a,
            slope,
            row,
            real(params[0]),
            real(params[1]),
            threshold,
            factor,
            word(dense.layer),
            word(frame.stride),
            frame.seed,
        ];
        self.push(
            Kernel::Forward,
            Extent::Product(layer.outputs, None),
            &words,
        );
    }

    fn add_update(&mut self, frame: &Frame<'_>, update: &Update) {
        let network = &frame.plan.network;
        let count = network.parameter_count();
        let all = Extent::Elements(count, 0);
        if let Some((l1, _)) = update.tf_playground {
            let words = [word(count), u32::from(l1 > 0.0)];
            self.push(Kernel::TfPlayground, all, &words);
        }
        let Some(optimizer) = update.optimizer else {
            return;
        };
        let factor = word(factor_place(count, frame.states));
        if update.clip_norm > 0.0 {
            let words = [word(count), word(count), real(update.clip_norm), factor];
            self.push(Kernel::Norm, Extent::One, &words);
        }
        let parts = u32::from(update.clip_norm > 0.0)
            + 2 * u32::from(update.decay > 0.0)
            + 4 * u32::from(update.l1 > 0.0);
        let words = [
            word(count),
            word(frame.states),
            optimizer as u32,
            real(update.clip_value),
            parts,
            factor,
        ];
        self.push(Kernel::Update, all, &words);
        if update.max_norm > 0.0 {
            for layer in network.layers.iter().filter(|layer| !layer.frozen) {
                let words = [
                    word(layer.offset),
                    word(layer.inputs),
                    word(layer.outputs),
                    real(update.max_norm),
                ];
                self.push(Kernel::MaxNorm, Extent::Elements(layer.outputs, 0), &words);
            }
        }
    }
}

/// The factor of the norm lies behind parameters, gradients and states (of which TensorFlow Playground's mode uses one).
fn factor_place(count: usize, states: usize) -> usize {
    count * (2 + states.max(1))
}

/// Two bits for each parameter: 1 trained, 2 weight.
fn roles(plan: &Plan) -> Vec<u32> {
    let network = &plan.network;
    let mut roles = vec![0; network.parameter_count().div_ceil(16)];
    for layer in network.layers.iter().filter(|layer| !layer.frozen) {
        for e in layer.parameters() {
            let role = if layer.weight().contains(&e) { 3 } else { 1 };
            roles[e / 16] |= role << (2 * (e % 16));
        }
    }
    roles
}

/// Pipelines of all kernels that some program uses, in both ways of making products.
struct Kernels {
    pipelines: Vec<(Kernel, Product, wgpu::ComputePipeline)>,
    storage: wgpu::BindGroupLayout,
    records: wgpu::BindGroupLayout,
}

impl Kernels {
    async fn new(
        device: &Device,
        repertoire: &Repertoire,
        used: impl Fn(Kernel) -> bool,
    ) -> Result<Self, Trouble> {
        let text = source::layered(repertoire);
        device.guarded(|| Self::build(device, &text, used)).await
    }

    fn build(device: &Device, text: &str, used: impl Fn(Kernel) -> bool) -> Self {
        let gpu = &device.device;
        let entry =
            |binding: u32, ty: wgpu::BufferBindingType, dynamic: bool| wgpu::BindGroupLayoutEntry {
                binding,
                visibility: wgpu::ShaderStages::COMPUTE,
                ty: wgpu::BindingType::Buffer {
                    ty,
                    has_dynamic_offset: dynamic,
                    min_binding_size: None,
                },
                count: None,
            };
        let read = |binding, read_only| {
            entry(
                binding,
                wgpu::BufferBindingType::Storage { read_only },
                false,
            )
        };
        let layout = |entries: &[wgpu::BindGroupLayoutEntry]| {
            gpu.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
                label: Some("layered"),
                entries,
            })
        };
        let storage = layout(&[
            read(0, true),
            read(1, true),
            read(2, true),
            read(3, false),
            read(4, false),
            read(5, false),
        ]);
        let records = layout(&[
            entry(0, wgpu::BufferBindingType::Uniform, true),
            entry(1, wgpu::BufferBindingType::Uniform, true),
        ]);
        let pipeline_layout = gpu.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("layered"),
            bind_group_layouts: &[Some(&storage), Some(&records)],
            immediate_size: 0,
        });
        let mut module = None;
        let mut pipelines = Vec::new();
        for kernel in Kernel::ALL.into_iter().filter(|&kernel| used(kernel)) {
            for product in [Product::Tiles, Product::Blocks] {
                if product == Product::Blocks && !kernel.is_product() {
                    continue;
                }
                let entry = kernel.entry(product);
                let key = format!("{entry}\n{text}");
                let pipeline = device.known(&key).unwrap_or_else(|| {
                    let module = module.get_or_insert_with(|| {
                        gpu.create_shader_module(wgpu::ShaderModuleDescriptor {
                            label: Some("layered"),
                            source: wgpu::ShaderSource::Wgsl(text.into()),
                        })
                    });
                    let pipeline = gpu.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                        label: Some(entry),
                        layout: Some(&pipeline_layout),
                        module,
                        entry_point: Some(entry),
                        compilation_options: written_first(),
                        cache: None,
                    });
                    device.remember(key, &pipeline);
                    pipeline
                });
                pipelines.push((kernel, product, pipeline));
            }
        }
        Self {
            pipelines,
            storage,
            records,
        }
    }

    fn pipeline(&self, kernel: Kernel, product: Product) -> Option<&wgpu::ComputePipeline> {
        self.pipelines
            .iter()
            .find(|(known, made, _)| *known == kernel && (*made == product || !kernel.is_product()))
            .map(|(_, _, pipeline)| pipeline)
    }
}

/// A program with the buffers that it runs over.
struct Bound {
    program: Program,
    storage: wgpu::BindGroup,
    ops: wgpu::Buffer,
    steps: wgpu::Buffer,
    steps_capacity: usize,
    records: wgpu::BindGroup,
    work: wgpu::Buffer,
}

/// The storage buffers of a program, in the order of their bindings; `work` is its own.
struct Storage<'a> {
    data: &'a wgpu::Buffer,
    rows: &'a wgpu::Buffer,
    roles: &'a wgpu::Buffer,
    values: &'a wgpu::Buffer,
    losses: &'a wgpu::Buffer,
}

impl Bound {
    fn new(device: &Device, kernels: &Kernels, program: Program, storage: &Storage<'_>) -> Self {
        let work = device.storage("work", program.work);
        let ops = device.uniform(program.records.len());
        device.write(&ops, 0, &program.records);
        let steps_capacity = 1;
        let steps = device.uniform(RECORD * steps_capacity);
        let records = records(device, kernels, &ops, &steps);
        let storage = bind(device, kernels, &work, storage);
        Self {
            program,
            storage,
            ops,
            steps,
            steps_capacity,
            records,
            work,
        }
    }

    /// Uploads the steps' records, `RECORD` words apart.
    fn set_steps(&mut self, device: &Device, kernels: &Kernels, content: &[u32]) {
        let count = content.len() / RECORD;
        if count > self.steps_capacity {
            self.steps_capacity = count;
            self.steps = device.uniform(RECORD * count);
            self.records = records(device, kernels, &self.ops, &self.steps);
        }
        device.write(&self.steps, 0, content);
    }

    /// Encodes the dispatches of step `index` that `wanted` names, which trains on `count` rows.
    fn encode(
        &self,
        pass: &mut wgpu::ComputePass<'_>,
        kernels: &Kernels,
        product: Product,
        (index, count): (usize, usize),
        wanted: impl Fn(Kernel) -> bool,
    ) -> u64 {
        let mut dispatches = 0;
        pass.set_bind_group(0, &self.storage, &[]);
        for (number, dispatch) in self.program.dispatches.iter().enumerate() {
            let kernel = dispatch.kernel;
            let Some(pipeline) = kernels.pipeline(kernel, product).filter(|_| wanted(kernel))
            else {
                continue;
            };
            let offsets = [word(4 * RECORD * number), word(4 * RECORD * index)];
            let (x, y) = match dispatch.extent {
                Extent::One => (1, 1),
                // Kernels loop when there are more elements than invocations.
                Extent::Elements(fixed, per_row) => {
                    ((fixed + per_row * count).div_ceil(64).min(65_535), 1)
                }
                Extent::Product(m, n) => {
                    let n = n.unwrap_or(count);
                    match product {
                        Product::Tiles => (n.div_ceil(32), m.div_ceil(32)),
                        Product::Blocks => ((n.div_ceil(4) * m.div_ceil(4)).div_ceil(32), 1),
                    }
                }
            };
            pass.set_pipeline(pipeline);
            pass.set_bind_group(1, &self.records, &offsets);
            pass.dispatch_workgroups(word(x), word(y), 1);
            dispatches += 1;
        }
        dispatches
    }
}

fn records(
    device: &Device,
    kernels: &Kernels,
    ops: &wgpu::Buffer,
    steps: &wgpu::Buffer,
) -> wgpu::BindGroup {
    let entry = |binding, buffer| wgpu::BindGroupEntry {
        binding,
        resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer,
            offset: 0,
            size: std::num::NonZeroU64::new(RECORD_BYTES),
        }),
    };
    device.device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("records"),
        layout: &kernels.records,
        entries: &[entry(0, ops), entry(1, steps)],
    })
}

fn bind(
    device: &Device,
    kernels: &Kernels,
    work: &wgpu::Buffer,
    storage: &Storage<'_>,
) -> wgpu::BindGroup {
    let Storage {
        data,
        rows,
        roles,
        values,
        losses,
    } = *storage;
    device.bind_as(&kernels.storage, &[data, rows, roles, values, work, losses])
}

/// One run of a wide network.
pub struct Layered {
    device: Device,
    kernels: Kernels,
    recorder: Recorder,
    training: Bound,
    product: Product,
    data: wgpu::Buffer,
    roles: wgpu::Buffer,
    values: wgpu::Buffer,
    rows: wgpu::Buffer,
    rows_capacity: usize,
    losses: wgpu::Buffer,
    losses_capacity: usize,
    taken: usize,
    count: usize,
    states: usize,
    capacity: usize,
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
        let plan = start.plan;
        let fused = fuse::step(plan);
        let count = plan.network.parameter_count();
        let states = start.state.len();
        if start.parameters.len() != count || start.state.iter().any(|state| state.len() != count) {
            return Err(Trouble::Mismatch {
                message: "parameters or state are not the network's".to_owned(),
            });
        }
        let repertoire = Repertoire::chosen(repertoire, &fused)?;
        let frame = Frame {
            plan,
            stride: start.capacity,
            base: 0,
            targets: table.inputs.len(),
            seed: start.batch_seed,
            states,
        };
        let program = Program::new(&frame, &fused);
        let values = factor_place(count, states) + 1;
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
        let kernels = Kernels::new(device, &repertoire, |kernel| used.contains(&kernel)).await?;
        let layered = device
            .guarded(|| {
                let data = device.storage("data", table.inputs.len() + table.targets.len());
                device.write(&data, 0, table.inputs);
                device.write(&data, table.inputs.len(), table.targets);
                let values = device.storage("values", values);
                device.write(&values, 0, start.parameters);
                for (index, state) in start.state.iter().enumerate() {
                    device.write(&values, (2 + index) * count, state);
                }
                let roles = device.filled("roles", &roles(plan));
                let (rows, losses) = (device.storage("rows", 1), device.storage("losses", 1));
                let storage = Storage {
                    data: &data,
                    rows: &rows,
                    roles: &roles,
                    values: &values,
                    losses: &losses,
                };
                let training = Bound::new(device, &kernels, program, &storage);
                (training, data, values, roles, rows, losses)
            })
            .await?;
        let (training, data, values, roles, rows, losses) = layered;
        Ok(Self {
            device: device.clone(),
            kernels,
            recorder: Recorder::new(&plan.network, &fused),
            training,
            product: Product::Blocks,
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

    /// Makes the products of a step in both ways and keeps the faster one; milliseconds of both. `clock` gives
    /// milliseconds. Parameters stay as they are: only working buffers and gradients are written.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub async fn race(&mut self, clock: impl Fn() -> f64) -> Result<[f64; 2], Trouble> {
        const ROUNDS: usize = 5;
        let mut record = vec![0; RECORD];
        record[0] = word(self.capacity);
        self.training
            .set_steps(&self.device, &self.kernels, &record);
        let mut times = [0.0; 2];
        for (time, product) in times.iter_mut().zip([Product::Tiles, Product::Blocks]) {
            // The first round warms up.
            for rounds in [1, ROUNDS] {
                let begin = clock();
                let indices = vec![(0, self.capacity); rounds];
                self.submit(product, &indices, Kernel::is_product);
                self.device.finished().await?;
                *time = (clock() - begin) / rounds as f64;
            }
        }
        self.product = if times[0] < times[1] {
            Product::Tiles
        } else {
            Product::Blocks
        };
        Ok(times)
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
        let mut records = Vec::with_capacity(RECORD * steps.len());
        let mut indices = Vec::with_capacity(steps.len());
        let mut begin = 0;
        for (index, step) in steps.iter().enumerate() {
            let mut record = self.recorder.record(step, false);
            record[1] = begin;
            record[7] = word(index);
            begin += step.place.count;
            records.extend(record);
            records.resize(RECORD * (index + 1), 0);
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

    fn grow(&mut self, rows: usize, steps: usize) {
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

    fn submit(
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
    pub async fn progress(&self) -> Result<Progress, Trouble> {
        let words = self.count * (2 + self.states);
        let read = self.device.read(&[(&self.values, 0, words)]).await?;
        let words: Vec<f32> = read.into_iter().flatten().collect();
        Ok(Progress::from_words(&words, self.count))
    }

    /// Goes back (or forth) to what was read before.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when it is of another shape.
    pub fn restore(&mut self, progress: &Progress) -> Result<(), Trouble> {
        let words = progress.to_words();
        if words.len() != self.count * (2 + self.states) {
            return Err(Trouble::Mismatch {
                message: format!("{} values for {}", words.len(), self.count),
            });
        }
        self.device.write(&self.values, 0, &words);
        self.device.check()
    }
}

/// The forward pass over parameters that are being trained: evaluations and maps, block by block.
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
        Self::new(resident.device(), plan, capacity, values, base).await
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
        let mut forward = Self::new(&layered.device, plan, capacity, &layered.values, 0).await?;
        forward.product = layered.product;
        Ok(forward)
    }

    async fn new(
        device: &Device,
        plan: &Plan,
        capacity: usize,
        values: &wgpu::Buffer,
        base: usize,
    ) -> Result<Self, Trouble> {
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
        let kernels = Kernels::new(device, &repertoire, |kernel| {
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
            product: Product::Blocks,
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
