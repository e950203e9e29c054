//! What the interpreters ask of a device: pipelines, bindings, buffers, submissions.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::device::{Counters, Device, Trouble};

impl Device {
    /// A pipeline of the text's kernel `main`, whose layout the text implies; compiled once per device.
    pub(super) async fn pipeline(
        &self,
        label: &str,
        text: &str,
    ) -> Result<wgpu::ComputePipeline, Trouble> {
        if let Some(pipeline) = self.known(text) {
            return Ok(pipeline);
        }
        let pipeline = self
            .guarded(|| {
                let module = self
                    .device
                    .create_shader_module(wgpu::ShaderModuleDescriptor {
                        label: Some(label),
                        source: wgpu::ShaderSource::Wgsl(text.into()),
                    });
                self.device
                    .create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                        label: Some(label),
                        layout: None,
                        module: &module,
                        entry_point: Some("main"),
                        compilation_options: written_first(),
                        cache: None,
                    })
            })
            .await?;
        self.remember(text.to_owned(), &pipeline);
        Ok(pipeline)
    }

    /// A pipeline made before.
    pub(super) fn known(&self, key: &str) -> Option<wgpu::ComputePipeline> {
        let known = self
            .pipelines
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known.get(key).cloned()
    }

    /// Keeps a pipeline for the next of its kind.
    pub(super) fn remember(&self, key: String, pipeline: &wgpu::ComputePipeline) {
        let mut known = self
            .pipelines
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known.insert(key, pipeline.clone());
    }

    /// The buffers as the pipeline's bindings, in order.
    pub(super) fn bind(
        &self,
        pipeline: &wgpu::ComputePipeline,
        buffers: &[&wgpu::Buffer],
    ) -> wgpu::BindGroup {
        self.bind_as(&pipeline.get_bind_group_layout(0), buffers)
    }

    /// The buffers as bindings of a group, in order.
    pub(super) fn bind_as(
        &self,
        layout: &wgpu::BindGroupLayout,
        buffers: &[&wgpu::Buffer],
    ) -> wgpu::BindGroup {
        let entries: Vec<_> = (0..)
            .zip(buffers)
            .map(|(binding, buffer)| wgpu::BindGroupEntry {
                binding,
                resource: buffer.as_entire_binding(),
            })
            .collect();
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout,
            entries: &entries,
        })
    }

    /// A uniform buffer of so many words, at least one record.
    pub(super) fn uniform(&self, words: usize) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("records"),
            size: 4 * words.max(64) as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        })
    }

    /// The 16 bytes at `offset` as a group's only binding.
    pub(super) fn bind_record(
        &self,
        layout: &wgpu::BindGroupLayout,
        buffer: &wgpu::Buffer,
        offset: u64,
    ) -> wgpu::BindGroup {
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout,
            entries: &[wgpu::BindGroupEntry {
                binding: 0,
                resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                    buffer,
                    offset,
                    size: std::num::NonZeroU64::new(16),
                }),
            }],
        })
    }

    /// One dispatch, submitted.
    pub(super) fn dispatch(
        &self,
        pipeline: &wgpu::ComputePipeline,
        group: &wgpu::BindGroup,
        workgroups: u32,
    ) {
        self.submit(|pass| {
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, group, &[]);
            pass.dispatch_workgroups(workgroups, 1, 1);
            1
        });
    }

    /// One compute pass, submitted; `encode` says how many dispatches it put there.
    pub(super) fn submit(&self, encode: impl FnOnce(&mut wgpu::ComputePass<'_>) -> u64) {
        let mut encoder = self
            .device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let dispatches =
            encode(&mut encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default()));
        self.queue.submit([encoder.finish()]);
        let Counters {
            dispatches: counted,
            submits,
            ..
        } = &*self.traffic;
        counted.fetch_add(dispatches, Ordering::Relaxed);
        submits.fetch_add(1, Ordering::Relaxed);
    }

    /// Copies bytes from `start` on to the beginning of another buffer, after everything submitted so far.
    pub(super) fn copy(&self, from: &wgpu::Buffer, start: u64, to: &wgpu::Buffer, bytes: u64) {
        let mut encoder = self
            .device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.copy_buffer_to_buffer(from, start, to, 0, bytes);
        self.queue.submit([encoder.finish()]);
        self.traffic.submits.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether a storage buffer of so many words is possible.
    pub(super) fn fits(&self, words: usize) -> Result<(), Trouble> {
        let needed = 4 * words as u64;
        let available = self.device.limits().max_storage_buffer_binding_size;
        if needed > available {
            return Err(Trouble::Limit {
                limit: "maxStorageBufferBindingSize",
                needed,
                available,
            });
        }
        Ok(())
    }

    /// A storage buffer of so many words, at least one, filled with 0.
    pub(super) fn storage(&self, label: &str, words: usize) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size: 4 * words.max(1) as u64,
            usage: wgpu::BufferUsages::STORAGE
                | wgpu::BufferUsages::COPY_DST
                | wgpu::BufferUsages::COPY_SRC,
            mapped_at_creation: false,
        })
    }

    /// A storage buffer with this content.
    pub(super) fn filled<T: bytemuck::NoUninit>(&self, label: &str, content: &[T]) -> wgpu::Buffer {
        let buffer = self.storage(label, content.len());
        self.write(&buffer, 0, content);
        buffer
    }

    /// Overwrites from `word` on.
    pub(super) fn write<T: bytemuck::NoUninit>(
        &self,
        buffer: &wgpu::Buffer,
        word: usize,
        content: &[T],
    ) {
        if !content.is_empty() {
            let bytes: &[u8] = bytemuck::cast_slice(content);
            self.queue.write_buffer(buffer, 4 * word as u64, bytes);
            self.traffic
                .uploaded
                .fetch_add(bytes.len() as u64, Ordering::Relaxed);
        }
    }
}

/// Our kernels write workgroup memory before they read it.
pub(super) fn written_first() -> wgpu::PipelineCompilationOptions<'static> {
    wgpu::PipelineCompilationOptions {
        zero_initialize_workgroup_memory: false,
        ..wgpu::PipelineCompilationOptions::default()
    }
}
