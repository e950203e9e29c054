//! Tiny networks: a whole run inside one workgroup.

use super::assembler::{Program, assemble, check_size, steps_per_dispatch};
use super::device::{Device, Trouble};
use super::fuse::{self, Fused};
use super::source::{RESIDENT_SIZE, Repertoire, ResidentShape, WORKGROUP_WORDS};
use super::steps::{Recorder, word};
use super::{Readback, Start, Step};

const RUN_WORDS: usize = 24;
/// Workgroups that even a small device has under way at once.
const RUNS_AT_ONCE: usize = 256;
/// Words from one window to the next: bindings start at multiples of 256 bytes.
const WINDOW: usize = 64;

/// Inputs and encoded targets of a data set, both row-major.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// `(rows, inputs)`.
    pub inputs: &'a [f32],
    /// `(rows, outputs)`.
    pub targets: &'a [f32],
}

/// One run on the device.
struct Seat {
    recorder: Recorder,
    /// Fixed words of its record.
    record: [u32; RUN_WORDS],
    home: usize,
    count: usize,
    states: usize,
    capacity: usize,
    rows: usize,
    shuffled: bool,
    /// The epoch whose order lies on the device.
    ordered: Option<u64>,
}

/// Runs of tiny networks, each in a workgroup of its own: different seeds, rates, rules, data and shapes beside each
/// other.
pub struct Resident {
    device: Device,
    pipeline: wgpu::ComputePipeline,
    seats: Vec<Seat>,
    buffers: Buffers,
    in_workgroup: bool,
    /// Steps of one dispatch.
    window: usize,
}

struct Buffers {
    runs: wgpu::Buffer,
    words: wgpu::Buffer,
    steps: wgpu::Buffer,
    data: wgpu::Buffer,
    home: wgpu::Buffer,
    orders: wgpu::Buffer,
    losses: wgpu::Buffer,
    windows: wgpu::Buffer,
    windows_count: usize,
    /// Capacities in words, of those that grow.
    steps_words: usize,
    losses_words: usize,
}

/// Losses of one [`Resident::train`]: where they lie on the device.
#[derive(Debug, Clone)]
pub struct Slice {
    counts: Vec<usize>,
}

impl Resident {
    /// Loads the runs. `repertoire` says which formulas the shader is made for; `None` takes those that occur.
    ///
    /// # Errors
    /// [`Trouble::Limit`] when they do not fit the device, [`Trouble::Mismatch`] when the repertoire lacks a formula,
    /// and whatever the device reports.
    pub async fn new(
        device: &Device,
        tables: &[Table<'_>],
        starts: &[Start<'_>],
        repertoire: Option<&Repertoire>,
    ) -> Result<Self, Trouble> {
        Self::with_workgroup(device, tables, starts, repertoire, RESIDENT_SIZE).await
    }

    /// Workgroups that are worth a trial: the first suits graphics cards, which run dozens of invocations at once; the
    /// second programs, to which each barrier is a loop over all invocations.
    pub const WORKGROUPS: [usize; 2] = [RESIDENT_SIZE, 4];

    /// The same with `size` invocations for each run, at most the first of [`Resident::WORKGROUPS`].
    ///
    /// # Errors
    /// As [`Resident::new`].
    pub async fn with_workgroup(
        device: &Device,
        tables: &[Table<'_>],
        starts: &[Start<'_>],
        repertoire: Option<&Repertoire>,
        size: usize,
    ) -> Result<Self, Trouble> {
        let mut operations = Vec::new();
        let mut programs = Vec::with_capacity(starts.len());
        let mut recorders = Vec::with_capacity(starts.len());
        for start in starts {
            let fused = fuse::step(start.plan);
            recorders.push(Recorder::new(start, &fused));
            programs.push(assemble(
                start.plan,
                start.capacity,
                start.state.len(),
                &start.groups,
                &fused,
                size,
            ));
            check_size(start)?;
            operations.extend(fused);
        }
        let mut window = usize::MAX;
        for (start, program) in starts.iter().zip(&programs) {
            window = window.min(steps_per_dispatch(start, program, size)?);
        }
        let in_workgroup = programs
            .iter()
            .all(|program| program.memory <= WORKGROUP_WORDS);
        let codes = programs.first().map(|program| program.codes.clone());
        // With a repertoire of the caller's, the text must not depend on which runs are together.
        let unrolled = codes.filter(|codes| {
            repertoire.is_none() && programs.iter().all(|program| program.codes == *codes)
        });
        let dropout = repertoire.is_some()
            || operations
                .iter()
                .any(|op| matches!(op, Fused::Dense(dense) if dense.dropout > 0.0));
        let shape = ResidentShape {
            dropout,
            repertoire: Repertoire::chosen(repertoire, &operations)?,
            size,
            in_workgroup,
            unrolled,
        };
        let most = u64::from(device.device.limits().max_compute_workgroups_per_dimension);
        if starts.len() as u64 > most {
            return Err(Trouble::Limit {
                limit: "maxComputeWorkgroupsPerDimension",
                needed: starts.len() as u64,
                available: most,
            });
        }
        let mut resident = Self::load(device, tables, starts, &programs, recorders, &shape).await?;
        // More workgroups than run at once take turns.
        resident.window = (window / starts.len().div_ceil(RUNS_AT_ONCE).max(1)).max(1);
        Ok(resident)
    }

    async fn load(
        device: &Device,
        tables: &[Table<'_>],
        starts: &[Start<'_>],
        programs: &[Program],
        recorders: Vec<Recorder>,
        shape: &ResidentShape,
    ) -> Result<Self, Trouble> {
        let mut data: Vec<f32> = Vec::new();
        let mut table_places = Vec::with_capacity(tables.len());
        for table in tables {
            let inputs = data.len();
            data.extend_from_slice(table.inputs);
            let targets = data.len();
            data.extend_from_slice(table.targets);
            table_places.push((word(inputs), word(targets)));
        }
        let mut words: Vec<u32> = Vec::new();
        let mut seats = Vec::with_capacity(starts.len());
        let mut home: Vec<f32> = Vec::new();
        let mut orders = 0;
        // Runs that only differ in their seeds share program and rows.
        let mut shared: Vec<(Vec<u32>, u32)> = Vec::new();
        let mut share = |content: &[u32]| -> u32 {
            if let Some((_, place)) = shared.iter().find(|(known, _)| known == content) {
                return *place;
            }
            let place = word(words.len());
            words.extend_from_slice(content);
            if shared.len() < 64 {
                shared.push((content.to_vec(), place));
            }
            place
        };
        for ((start, program), recorder) in starts.iter().zip(programs).zip(recorders) {
            let count = start.parameters.len();
            let Some(&(inputs, targets)) = table_places.get(start.table) else {
                return Err(Trouble::Mismatch {
                    message: format!("there is no table {}", start.table),
                });
            };
            let mut record = [0; RUN_WORDS];
            record[0] = share(&program.words);
            record[1] = word(program.codes.len());
            record[4] = word(home.len());
            record[5] = word(program.kept);
            record[6] = word(orders);
            record[7] = share(start.rows);
            record[8] = word(start.rows.len());
            record[9] = inputs;
            record[10] = targets;
            record[12] = u32::from(start.shuffled);
            record[13] = start.batch_seed;
            record[14] = word(start.capacity);
            record[15] = word(program.loss_items);
            record[16] = word(recorder.words());
            seats.push(Seat {
                recorder,
                record,
                home: home.len(),
                count,
                states: program.states,
                capacity: start.capacity,
                rows: start.rows.len(),
                shuffled: start.shuffled,
                ordered: None,
            });
            let begin = home.len();
            home.extend_from_slice(start.parameters);
            home.resize(begin + 2 * count, 0.0);
            for state in start.state {
                home.extend_from_slice(state);
            }
            let region = if shape.in_workgroup {
                program.kept
            } else {
                program.memory
            };
            home.resize(begin + region, 0.0);
            orders += 2 * start.rows.len();
        }
        for count in [data.len(), words.len(), home.len(), orders] {
            device.fits(count)?;
        }
        let text = shape.text();
        let pipeline = device.pipeline("resident", &text).await?;
        let buffers = device
            .guarded(|| Buffers {
                runs: device.storage("runs", RUN_WORDS * seats.len()),
                words: device.filled("programs", &words),
                steps: device.storage("steps", 0),
                data: device.filled("data", &data),
                home: device.filled("values", &home),
                orders: device.storage("orders", orders),
                losses: device.storage("losses", 0),
                windows: device.uniform(0),
                windows_count: 0,
                steps_words: 0,
                losses_words: 0,
            })
            .await?;
        Ok(Self {
            device: device.clone(),
            pipeline,
            seats,
            buffers,
            in_workgroup: shape.in_workgroup,
            window: 1,
        })
    }

    /// Number of runs.
    pub fn runs(&self) -> usize {
        self.seats.len()
    }

    /// Whether the values lie in workgroup memory while training.
    pub fn in_workgroup(&self) -> bool {
        self.in_workgroup
    }

    /// Trains each run by its steps (none, where its slice is empty), in one submission. Returns when it is submitted.
    ///
    /// Long slices become several dispatches, each far under what drivers stand; the caller keeps slices short only
    /// because what is submitted cannot be taken back.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when the slices do not fit the runs, [`Trouble::Limit`] when they are too many, and
    /// whatever the device has reported so far.
    pub fn train(&mut self, slices: &[Vec<Step>]) -> Result<Slice, Trouble> {
        self.device.check()?;
        if slices.len() != self.seats.len() {
            return Err(Trouble::Mismatch {
                message: format!("{} slices for {} runs", slices.len(), self.seats.len()),
            });
        }
        let mut steps: Vec<u32> = Vec::new();
        let mut runs: Vec<u32> = Vec::with_capacity(RUN_WORDS * slices.len());
        let mut losses = 0;
        // Runs that only differ in their seeds have equal records, which then need to be there only once.
        let mut last: std::ops::Range<usize> = 0..0;
        for (seat, slice) in self.seats.iter_mut().zip(slices) {
            let begin = steps.len();
            for step in slice {
                let place = step.place;
                let most = seat.rows + seat.capacity;
                if place.count == 0
                    || place.count as usize > seat.capacity
                    || (place.start + place.count) as usize > most
                {
                    return Err(Trouble::Mismatch {
                        message: format!("a step of {} rows from {}", place.count, place.start),
                    });
                }
                let order = if seat.shuffled { place.epoch } else { 0 };
                let fresh = seat.ordered != Some(order);
                seat.ordered = Some(order);
                for group in 0..seat.recorder.groups {
                    steps.extend(seat.recorder.record(step, group, fresh));
                }
            }
            let range = begin..steps.len();
            let place = if !last.is_empty() && steps[last.clone()] == steps[range.clone()] {
                steps.truncate(begin);
                last.start
            } else {
                last = range;
                begin
            };
            let mut record = seat.record;
            record[2] = word(place);
            record[3] = word(slice.len());
            record[11] = word(losses);
            losses += slice.len();
            runs.extend(record);
        }
        self.device.fits(steps.len())?;
        self.device.fits(losses)?;
        if steps.len() > self.buffers.steps_words {
            self.buffers.steps_words = steps.len();
            self.buffers.steps = self.device.storage("steps", steps.len());
        }
        if losses > self.buffers.losses_words {
            self.buffers.losses_words = losses;
            self.buffers.losses = self.device.storage("losses", losses);
        }
        self.device.write(&self.buffers.runs, 0, &runs);
        self.device.write(&self.buffers.steps, 0, &steps);
        let longest = slices.iter().map(Vec::len).max().unwrap_or(0);
        self.dispatch(slices.len(), longest);
        self.device.check()?;
        Ok(Slice {
            counts: slices.iter().map(Vec::len).collect(),
        })
    }

    /// One submission of as many dispatches as the steps need.
    fn dispatch(&mut self, runs: usize, steps: usize) {
        let count = steps.div_ceil(self.window);
        if count > self.buffers.windows_count {
            let mut windows = vec![0; WINDOW * count];
            for (index, window) in windows.chunks_exact_mut(WINDOW).enumerate() {
                window[..2].copy_from_slice(&[word(index * self.window), word(self.window)]);
            }
            self.buffers.windows = self.device.uniform(windows.len());
            self.buffers.windows_count = count;
            self.device.write(&self.buffers.windows, 0, &windows);
        }
        let Buffers {
            runs: records,
            words,
            steps,
            data,
            home,
            orders,
            losses,
            windows,
            ..
        } = &self.buffers;
        let bound = [records, words, steps, data, home, orders, losses];
        let group = self.device.bind(&self.pipeline, &bound);
        let layout = self.pipeline.get_bind_group_layout(1);
        let windows: Vec<_> = (0..count)
            .map(|index| {
                self.device
                    .bind_record(&layout, windows, 4 * WINDOW as u64 * index as u64)
            })
            .collect();
        self.device.submit(|pass| {
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, &group, &[]);
            for window in &windows {
                pass.set_bind_group(1, window, &[]);
                pass.dispatch_workgroups(word(runs), 1, 1);
            }
            windows.len() as u64
        });
    }

    /// The mean data loss of every step of the newest slice, run by run.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub async fn losses(&self, slice: &Slice) -> Result<Vec<Vec<f32>>, Trouble> {
        let total = slice.counts.iter().sum();
        let read = self
            .device
            .read(&[(&self.buffers.losses, 0, total)])
            .await?;
        let mut all = read.into_iter().flatten();
        Ok(slice
            .counts
            .iter()
            .map(|&count| all.by_ref().take(count).collect())
            .collect())
    }

    /// What training has changed so far, run by run.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub async fn progress(&self) -> Result<Vec<Readback>, Trouble> {
        let parts: Vec<_> = self
            .seats
            .iter()
            .map(|seat| {
                let words = seat.count * (2 + seat.states);
                (&self.buffers.home, seat.home, words)
            })
            .collect();
        let read = self.device.read(&parts).await?;
        Ok(read
            .into_iter()
            .zip(&self.seats)
            .map(|(words, seat)| Readback::from_words(&words, seat.count))
            .collect())
    }

    /// A run's parameters and state, one after the other: what training goes on from. Gradients stay there.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when there is no such run, and whatever the device reports.
    pub async fn words(&self, run: usize) -> Result<Vec<f32>, Trouble> {
        let Some(seat) = self.seats.get(run) else {
            return Err(Trouble::Mismatch {
                message: format!("there is no run {run}"),
            });
        };
        let home = &self.buffers.home;
        let read = [
            (home, seat.home, seat.count),
            (home, seat.home + 2 * seat.count, seat.states * seat.count),
        ];
        Ok(self.device.read(&read).await?.concat())
    }

    /// A run's rows in the order of the epoch that it is in; not yet ordered before its first step.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when there is no such run, and whatever the device reports.
    pub async fn order(&self, run: usize) -> Result<Vec<u32>, Trouble> {
        let Some(seat) = self.seats.get(run) else {
            return Err(Trouble::Mismatch {
                message: format!("there is no run {run}"),
            });
        };
        let part = (&self.buffers.orders, seat.record[6] as usize, seat.rows);
        let read = self.device.read(&[part]).await?;
        Ok(read.into_iter().flatten().map(f32::to_bits).collect())
    }

    /// Puts a run back (or forth) to what was read before.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when it is of another shape.
    pub fn restore(&mut self, run: usize, progress: &Readback) -> Result<(), Trouble> {
        let Some(seat) = self.seats.get(run) else {
            return Err(Trouble::Mismatch {
                message: format!("there is no run {run}"),
            });
        };
        let words = progress.to_words();
        if words.len() != seat.count * (2 + seat.states) {
            return Err(Trouble::Mismatch {
                message: format!("{} values for run {run}", words.len()),
            });
        }
        self.device.write(&self.buffers.home, seat.home, &words);
        self.device.check()
    }

    pub(super) fn device(&self) -> &Device {
        &self.device
    }

    /// The buffer of a run's parameters and where they start, for a forward pass over them; and that of the tables.
    pub(super) fn parameters(&self, run: usize) -> Option<(&wgpu::Buffer, usize, &wgpu::Buffer)> {
        let seat = self.seats.get(run)?;
        Some((&self.buffers.home, seat.home, &self.buffers.data))
    }
}
