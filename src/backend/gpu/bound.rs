//! The layered kernels' pipelines, and a program bound to the buffers that it runs over.

use super::device::{Device, Trouble};
use super::dispatches::{Extent, Kernel, Product, Program, RECORD};
use super::quads;
use super::queue::written_first;
use super::steps::{STEP_WORDS, word};

/// Bytes of a record that a kernel sees.
const RECORD_BYTES: u64 = 4 * STEP_WORDS as u64;

/// Pipelines of all kernels that some program uses, in both ways of making products.
pub(super) struct Kernels {
    pub(super) pipelines: Vec<(Kernel, Product, wgpu::ComputePipeline)>,
    pub(super) storage: wgpu::BindGroupLayout,
    pub(super) records: wgpu::BindGroupLayout,
}

impl Kernels {
    pub(super) async fn new(
        device: &Device,
        text: &str,
        products: &[Product],
        used: impl Fn(Kernel) -> bool,
    ) -> Result<Self, Trouble> {
        device
            .guarded(|| Self::build(device, text, products, used))
            .await
    }

    fn build(
        device: &Device,
        text: &str,
        products: &[Product],
        used: impl Fn(Kernel) -> bool,
    ) -> Self {
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
            for (index, &product) in products.iter().enumerate() {
                if index > 0 && !kernel.is_product() {
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

    pub(super) fn pipeline(
        &self,
        kernel: Kernel,
        product: Product,
    ) -> Option<&wgpu::ComputePipeline> {
        self.pipelines
            .iter()
            .find(|(known, made, _)| *known == kernel && (*made == product || !kernel.is_product()))
            .map(|(_, _, pipeline)| pipeline)
    }
}

/// A program with the buffers that it runs over.
pub(super) struct Bound {
    pub(super) program: Program,
    pub(super) storage: wgpu::BindGroup,
    pub(super) ops: wgpu::Buffer,
    pub(super) steps: wgpu::Buffer,
    pub(super) steps_capacity: usize,
    pub(super) records: wgpu::BindGroup,
    pub(super) work: wgpu::Buffer,
}

/// The storage buffers of a program, in the order of their bindings; `work` is its own.
pub(super) struct Storage<'a> {
    pub(super) data: &'a wgpu::Buffer,
    pub(super) rows: &'a wgpu::Buffer,
    pub(super) roles: &'a wgpu::Buffer,
    pub(super) values: &'a wgpu::Buffer,
    pub(super) losses: &'a wgpu::Buffer,
}

impl Bound {
    pub(super) fn new(
        device: &Device,
        kernels: &Kernels,
        program: Program,
        storage: &Storage<'_>,
    ) -> Self {
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
    pub(super) fn set_steps(&mut self, device: &Device, kernels: &Kernels, content: &[u32]) {
        let count = content.len() / RECORD;
        if count > self.steps_capacity {
            self.steps_capacity = count;
            self.steps = device.uniform(RECORD * count);
            self.records = records(device, kernels, &self.ops, &self.steps);
        }
        device.write(&self.steps, 0, content);
    }

    /// Encodes the dispatches of step `index` that `wanted` names, which trains on `count` rows.
    pub(super) fn encode(
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
            // A step has as many records as there are parameter groups.
            let step = index * self.program.groups + dispatch.group;
            let offsets = [word(4 * RECORD * number), word(4 * RECORD * step)];
            let (x, y) = match dispatch.extent {
                Extent::One => (1, 1),
                // Kernels loop when there are more elements than invocations. A workgroup costs a software adapter as
                // much as a dozen iterations; so many are enough for a graphics card.
                Extent::Elements(fixed, per_row) => {
                    ((fixed + per_row * count).div_ceil(64).min(256), 1)
                }
                Extent::Product(m, n) => {
                    let n = n.unwrap_or(count);
                    match product {
                        Product::Tiles => (n.div_ceil(32), m.div_ceil(32)),
                        Product::Quads => (n.div_ceil(16), m.div_ceil(quads::rows(kernel))),
                        Product::Blocks => ((n.div_ceil(8) * m.div_ceil(8)).div_ceil(8), 1),
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

pub(super) fn records(
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

pub(super) fn bind(
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
