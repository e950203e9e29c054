//! The adapter and its device, and everything that can go wrong with them, as values instead of panics.

use super::dispatches::Product;
use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

/// Why the GPU cannot be used, or can no longer be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// There is no adapter.
    #[error("no adapter: {message}")]
    NoAdapter {
        /// The system's own words.
        message: String,
    },
    /// The adapter gives no device, with the limits wanted nor with the defaults.
    #[error("no device: {message}")]
    Refused {
        /// The driver's own words.
        message: String,
    },
    /// The model needs more than the device has.
    #[error("{limit}: needed {needed}, available {available}")]
    Limit {
        /// WebGPU's name of the limit.
        limit: &'static str,
        /// What the model needs.
        needed: u64,
        /// What the device has.
        available: u64,
    },
    /// A shader, a pipeline or a command was not accepted.
    #[error("not accepted: {message}")]
    Rejected {
        /// The validator's own words.
        message: String,
    },
    /// The device's memory is used up.
    #[error("out of memory")]
    OutOfMemory,
    /// The device is gone; whatever was on it is lost.
    #[error("device lost: {message}")]
    Lost {
        /// The driver's own words.
        message: String,
    },
    /// The runs are not what the interpreter was made for.
    #[error("{message}")]
    Mismatch {
        /// What does not fit.
        message: String,
    },
}

/// What is asked of the device beyond what every device has; 0 where that is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// Bytes of the largest storage buffer.
    pub storage_bytes: u64,
}

/// First the trouble that came first, since what follows is its consequence.
#[derive(Debug, Clone, Default)]
struct Watch(Arc<Mutex<Option<Trouble>>>);

impl Watch {
    fn note(&self, trouble: Trouble) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A lost device outweighs whatever was noted before.
        if noted.is_none() || matches!(trouble, Trouble::Lost { .. }) {
            *noted = Some(trouble);
        }
    }

    fn seen(&self) -> Option<Trouble> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// A device, shared by all interpreters of a page. Cloning gives another handle to it.
#[derive(Debug, Clone)]
pub struct Device {
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    watch: Watch,
    adapter: String,
    /// Whether invocations can lend each other values.
    pub(super) quads: bool,
    /// Pipelines by their text (and kernel, where it has several), so that the next run of a kind starts at once.
    pub(super) pipelines: Arc<Mutex<HashMap<String, wgpu::ComputePipeline>>>,
    pub(super) traffic: Arc<Counters>,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) dispatches: AtomicU64,
    pub(super) submits: AtomicU64,
    pub(super) uploaded: AtomicU64,
    pub(super) read_back: AtomicU64,
}

/// What has gone to the device and come back since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic {
    /// Dispatches.
    pub dispatches: u64,
    /// Submissions, those of read-backs included.
    pub submits: u64,
    /// Bytes written to buffers.
    pub uploaded: u64,
    /// Bytes read back.
    pub read_back: u64,
}

impl Device {
    /// Asks for the fastest adapter and a device with the default limits, raised only where `needs` says so; if the
    /// adapter refuses that, for one with the defaults.
    ///
    /// # Errors
    /// [`Trouble::NoAdapter`], [`Trouble::Refused`].
    pub async fn request(needs: Needs) -> Result<Self, Trouble> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..wgpu::RequestAdapterOptions::default()
        };
        let adapter =
            instance
                .request_adapter(&options)
                .await
                .map_err(|error| Trouble::NoAdapter {
                    message: error.to_string(),
                })?;
        let has = adapter.limits();
        let mut limits = wgpu::Limits::default();
        let bytes = needs.storage_bytes.min(has.max_storage_buffer_binding_size);
        limits.max_storage_buffer_binding_size = limits.max_storage_buffer_binding_size.max(bytes);
        limits.max_buffer_size = limits.max_buffer_size.max(bytes.min(has.max_buffer_size));
        let features = adapter.features() & wgpu::Features::SUBGROUP;
        let asked = |limits: wgpu::Limits, features: wgpu::Features| wgpu::DeviceDescriptor {
            required_limits: limits,
            required_features: features,
            ..wgpu::DeviceDescriptor::default()
        };
        let (device, queue) = match adapter.request_device(&asked(limits, features)).await {
            Ok(pair) => pair,
            Err(_) => adapter
                .request_device(&asked(wgpu::Limits::default(), wgpu::Features::empty()))
                .await
                .map_err(|error| Trouble::Refused {
                    message: error.to_string(),
                })?,
        };
        let info = adapter.get_info();
        Ok(Self::watched(device, queue, info.name))
    }

    fn watched(device: wgpu::Device, queue: wgpu::Queue, adapter: String) -> Self {
        let watch = Watch::default();
        let lost = watch.clone();
        device.set_device_lost_callback(move |_, message| lost.note(Trouble::Lost { message }));
        let uncaptured = watch.clone();
        let quads = device.features().contains(wgpu::Features::SUBGROUP);
        device.on_uncaptured_error(Arc::new(move |error| uncaptured.note(trouble(&error))));
        Self {
            device,
            queue,
            watch,
            adapter,
            quads,
            pipelines: Arc::default(),
            traffic: Arc::default(),
        }
    }

    /// The device has WebGPU's `subgroups`, of which wgpu does not know in a browser.
    pub fn has_subgroups(&mut self) {
        self.quads = true;
    }

    /// The ways of making products that the device has.
    pub fn products(&self) -> &'static [Product] {
        const ALL: [Product; 3] = [Product::Tiles, Product::Blocks, Product::Quads];
        if self.quads { &ALL } else { &ALL[..2] }
    }

    /// The adapter's name, as its driver gives it; may be empty in a browser.
    pub fn adapter(&self) -> &str {
        &self.adapter
    }

    /// What has gone wrong since the device was made. To be asked after every submission and before results are
    /// believed; never becomes `None` again.
    pub fn trouble(&self) -> Option<Trouble> {
        self.watch.seen()
    }

    /// Gives the device up; whatever is on it is lost, and [`Device::trouble`] says so.
    pub fn destroy(&self) {
        self.device.destroy();
        self.watch.note(Trouble::Lost {
            message: "destroyed".to_owned(),
        });
    }

    /// What has gone to the device and come back so far.
    pub fn traffic(&self) -> Traffic {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Traffic {
            dispatches: of(&self.traffic.dispatches),
            submits: of(&self.traffic.submits),
            uploaded: of(&self.traffic.uploaded),
            read_back: of(&self.traffic.read_back),
        }
    }

    /// Fails with the trouble seen so far.
    pub(super) fn check(&self) -> Result<(), Trouble> {
        self.trouble().map_or(Ok(()), Err)
    }

    /// Runs `build` with its errors caught instead of going to the handler.
    pub(super) async fn guarded<T>(&self, build: impl FnOnce() -> T) -> Result<T, Trouble> {
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let internal = self.device.push_error_scope(wgpu::ErrorFilter::Internal);
        let validation = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let built = build();
        // Popped at once and in order; only their answers are waited for.
        let (validation, internal, memory) = (validation.pop(), internal.pop(), memory.pop());
        let errors = [validation.await, internal.await, memory.await];
        if let Some(error) = errors.iter().flatten().next() {
            return Err(trouble(error));
        }
        self.check()?;
        Ok(built)
    }

    /// Copies words `start..start + count` of each buffer back, in one submission and one mapping.
    pub(super) async fn read(
        &self,
        parts: &[(&wgpu::Buffer, usize, usize)],
    ) -> Result<Vec<Vec<f32>>, Trouble> {
        self.check()?;
        let total: u64 = parts.iter().map(|&(_, _, count)| 4 * count as u64).sum();
        if total == 0 {
            return Ok(vec![Vec::new(); parts.len()]);
        }
        let copies = |encoder: &mut wgpu::CommandEncoder, staging: &wgpu::Buffer| {
            let mut to = 0;
            for &(buffer, start, count) in parts {
                let bytes = 4 * count as u64;
                if bytes > 0 {
                    encoder.copy_buffer_to_buffer(buffer, 4 * start as u64, staging, to, bytes);
                }
                to += bytes;
            }
            0
        };
        let staging = self.fetched(total, copies).await?;
        let view = mapped(&staging)?;
        let mut start = 0;
        let read = parts
            .iter()
            .map(|&(_, _, count)| {
                let bytes = view.get(start..start + 4 * count).unwrap_or_default();
                start += 4 * count;
                bytemuck::pod_collect_to_vec(bytes)
            })
            .collect();
        Ok(read)
    }

    /// Submits what `encode` puts there (it says how many dispatches), and copies what that has put into the buffer back.
    pub(super) async fn fetch(
        &self,
        words: usize,
        encode: impl FnOnce(&mut wgpu::CommandEncoder, &wgpu::Buffer) -> u64,
    ) -> Result<Vec<f32>, Trouble> {
        self.check()?;
        let staging = self.fetched(4 * words as u64, encode).await?;
        Ok(bytemuck::pod_collect_to_vec(&mapped(&staging)?))
    }

    async fn fetched(
        &self,
        bytes: u64,
        encode: impl FnOnce(&mut wgpu::CommandEncoder, &wgpu::Buffer) -> u64,
    ) -> Result<wgpu::Buffer, Trouble> {
        let staging = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("read back"),
            size: bytes,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder = self
            .device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let dispatches = encode(&mut encoder, &staging);
        self.queue.submit([encoder.finish()]);
        let counted = &self.traffic;
        counted.dispatches.fetch_add(dispatches, Ordering::Relaxed);
        counted.submits.fetch_add(1, Ordering::Relaxed);
        counted.read_back.fetch_add(bytes, Ordering::Relaxed);
        self.map(&staging).await?;
        Ok(staging)
    }

    /// Waits until everything submitted so far is done.
    ///
    /// # Errors
    /// What has gone wrong until then.
    pub async fn finished(&self) -> Result<(), Trouble> {
        self.wait(self.submitted()).await
    }

    /// What has been submitted so far, to be waited for later.
    pub fn submitted(&self) -> Submitted {
        let done = Done::default();
        let called = done.clone();
        self.queue.on_submitted_work_done(move || called.set(true));
        Submitted(done)
    }

    /// Waits until that is done.
    ///
    /// # Errors
    /// What has gone wrong until then.
    pub async fn wait(&self, submitted: Submitted) -> Result<(), Trouble> {
        self.poll();
        submitted.0.wait().await;
        self.check()
    }

    async fn map(&self, staging: &wgpu::Buffer) -> Result<(), Trouble> {
        let done = Done::default();
        let called = done.clone();
        staging.map_async(wgpu::MapMode::Read, .., move |result| {
            called.set(result.is_ok());
        });
        self.poll();
        if done.wait().await {
            self.check()
        } else {
            Err(self.trouble().unwrap_or_else(|| Trouble::Lost {
                message: "a buffer could not be read back".to_owned(),
            }))
        }
    }

    /// Natively callbacks come while polling; a browser calls them by itself.
    fn poll(&self) {
        if let Err(error) = self.device.poll(wgpu::PollType::wait_indefinitely()) {
            self.watch.note(Trouble::Lost {
                message: error.to_string(),
            });
        }
    }
}

fn mapped(staging: &wgpu::Buffer) -> Result<wgpu::BufferView, Trouble> {
    staging.get_mapped_range(..).map_err(|error| Trouble::Lost {
        message: error.to_string(),
    })
}

fn trouble(error: &wgpu::Error) -> Trouble {
    match error {
        wgpu::Error::OutOfMemory { .. } => Trouble::OutOfMemory,
        wgpu::Error::Validation { description, .. } | wgpu::Error::Internal { description, .. } => {
            Trouble::Rejected {
                message: description.clone(),
            }
        }
    }
}

/// See [`Device::submitted`].
pub struct Submitted(Done);

/// A callback's answer, to be awaited.
#[derive(Clone, Default)]
struct Done(Arc<Mutex<(Option<bool>, Option<Waker>)>>);

impl Done {
    fn set(&self, answer: bool) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = Some(answer);
        if let Some(waker) = state.1.take() {
            waker.wake();
        }
    }

    async fn wait(&self) -> bool {
        poll_fn(|context| {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match state.0 {
                Some(answer) => Poll::Ready(answer),
                None => {
                    state.1 = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}
