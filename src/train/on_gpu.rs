//! A run whose steps are taken by a GPU interpreter, a stretch at a time.

use std::collections::VecDeque;

use super::Feed;
use super::run::Run;
use super::snapshot::Snapshot;
use crate::backend::gpu::{
    self, Device, Forward, Layered, Product, Resident, Step, Submitted, Table, Trouble,
};
use crate::plan::Plan;

/// Milliseconds of one submission: far under what drivers stand, long enough that submitting costs little.
const SLICE_MS: f64 = 24.0;
/// Submissions under way: one that runs and one behind it.
const UNDER_WAY: usize = 2;
/// Readback are read back at least this often, milliseconds: what a lost device takes with it.
const TAKE_MS: f64 = 1000.0;
/// Steps of one submission at most: the records of a step take 100 bytes.
const MOST_STEPS: usize = 20_000;
/// Networks of at most so many parameters are tried in a single workgroup.
const SMALL: usize = 20_000;
/// Of at most so many, nothing else is tried: a dispatch for each operation costs more than all the work.
const TINY: usize = 1_000;
/// Steps with which interpreters are compared, after one that warms up: of the one that takes many in a dispatch, and of
/// the one that takes a dispatch for each operation.
const TRIAL_STEPS: [usize; 2] = [64, 8];

enum Interpreter {
    Resident(Box<Resident>),
    Layered(Box<Layered>),
}

/// A run on the device.
pub struct OnGpu {
    device: Device,
    interpreter: Interpreter,
    feed: Feed,
    parameters: usize,
    states: usize,
    /// Steps of the next submission. Nothing is known at first: a step of a wide network may take as long as a thousand of
    /// a tiny one.
    slice: usize,
    under_way: VecDeque<UnderWay>,
    /// When the last submission that was waited for was done.
    done_at: f64,
    /// What reading everything back took the last time, milliseconds, and when it was.
    read_ms: f64,
    taken_at: f64,
}

/// A submission that has not been waited for.
struct UnderWay {
    submitted: Submitted,
    begin: f64,
    steps: usize,
}

/// Whether what has come of training is to be read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taking {
    /// In its time.
    Later,
    /// As soon as that costs little.
    Wanted,
    /// Whatever it costs.
    Now,
}

impl OnGpu {
    /// Puts the run on the device where it is now. `clock` gives milliseconds.
    ///
    /// # Errors
    /// [`Trouble::Limit`] when it does not fit the device, and whatever the device reports.
    pub async fn new(
        device: &Device,
        run: &mut Run<f32>,
        clock: &dyn Fn() -> f64,
    ) -> Result<Self, Trouble> {
        let feed = run.trainer.feed();
        let data = run.trainer.interpreter().data();
        let (inputs, targets) = (std::rc::Rc::clone(&data.inputs), data.targets.clone());
        let table = Table {
            inputs: &inputs,
            targets: &targets,
        };
        let start = run.trainer.start(0);
        let parameters = start.parameters.len();
        let states = start.state.len();
        let gpu = |interpreter| Self {
            device: device.clone(),
            interpreter,
            feed: feed.clone(),
            parameters,
            states,
            slice: 1,
            under_way: VecDeque::new(),
            done_at: 0.0,
            read_ms: 0.0,
            taken_at: clock(),
        };
        let mut candidates = Vec::new();
        if parameters <= SMALL {
            let starts = std::slice::from_ref(&start);
            for size in Resident::WORKGROUPS {
                match Resident::with_workgroup(device, &[table], starts, None, size).await {
                    Ok(resident) => {
                        candidates.push(gpu(Interpreter::Resident(Box::new(resident))));
                    }
                    // Too large for a workgroup: the other interpreter has no such bound.
                    Err(Trouble::Mismatch { .. } | Trouble::Limit { .. }) => {}
                    Err(trouble) => return Err(trouble),
                }
            }
        }
        if parameters > TINY || candidates.is_empty() {
            let mut layered = Layered::new(device, &table, &start, None).await?;
            layered.race(clock).await?;
            candidates.push(gpu(Interpreter::Layered(Box::new(layered))));
        }
        let from = run.trainer.hand_over();
        let mut best: Option<(f64, Self)> = None;
        for mut candidate in candidates {
            let time = candidate.trial(&from, clock).await?;
            if best.as_ref().is_none_or(|(least, _)| time < *least) {
                best = Some((time, candidate));
            }
        }
        best.map(|(_, best)| best).ok_or_else(|| Trouble::Mismatch {
            message: "no interpreter takes this network".to_owned(),
        })
    }

    /// `resident` or `layered`.
    pub fn interpreter(&self) -> &'static str {
        match self.interpreter {
            Interpreter::Resident(_) => "resident",
            Interpreter::Layered(_) => "layered",
        }
    }

    /// A forward pass over this run's parameters; `plan` is the run's.
    ///
    /// # Errors
    /// [`Trouble::Limit`] when it does not fit the device, and whatever the device reports.
    pub async fn forward(&self, plan: &Plan) -> Result<Forward, Trouble> {
        match &self.interpreter {
            Interpreter::Resident(resident) => Forward::of_resident(resident, 0, plan).await,
            Interpreter::Layered(layered) => Forward::of_layered(layered, plan).await,
        }
    }

    /// Milliseconds of a step, on a few of them; training is then where it was.
    async fn trial(
        &mut self,
        from: &Snapshot<f32>,
        clock: &dyn Fn() -> f64,
    ) -> Result<f64, Trouble> {
        let mut time = 0.0;
        let most = match self.interpreter {
            Interpreter::Resident(_) => TRIAL_STEPS[0],
            Interpreter::Layered(_) => TRIAL_STEPS[1],
        };
        for steps in [1, most] {
            let begin = clock();
            self.submit(steps)?;
            self.device.finished().await?;
            time = (clock() - begin) / steps as f64;
        }
        self.slice = ((SLICE_MS / time.max(0.001)) as usize).clamp(1, MOST_STEPS);
        self.restore(from)?;
        Ok(time)
    }

    /// Goes back (or forth) to a snapshot of this network.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`] when it is another network's, or its clocks need other parameter groups.
    pub fn restore(&mut self, snapshot: &Snapshot<f32>) -> Result<(), Trouble> {
        let fits = self.feed.layout.takes(&snapshot.layout);
        fits.map_err(|error| Trouble::Mismatch {
            message: error.to_string(),
        })?;
        let progress = &snapshot.progress;
        if !self.feed.go_to(progress) {
            return Err(Trouble::Mismatch {
                message: "the layers' clocks are other ones".to_owned(),
            });
        }
        let values = gpu::Readback {
            parameters: progress.parameters.clone(),
            gradients: vec![0.0; self.parameters],
            state: progress.state[..self.states].to_vec(),
        };
        match &mut self.interpreter {
            Interpreter::Resident(resident) => resident.restore(0, &values)?,
            Interpreter::Layered(layered) => layered.restore(&values)?,
        }
        Ok(())
    }

    /// Takes the factor of reduce-on-plateau over from a run that is at the same step: here nothing is measured.
    pub fn follow(&mut self, factor: f64) {
        self.feed.plateau.factor = factor;
    }

    /// Steps done.
    pub fn step_count(&self) -> u64 {
        self.feed.step_count()
    }

    /// Trains by at most `most` steps, in submissions of about `SLICE_MS`, for about `budget_ms`. While one submission
    /// runs the next one waits behind it, so that the device never waits; what is still under way when this returns goes
    /// on.
    ///
    /// What has come of it is read back, once, when `taking` says so, when all steps are done, and every `TAKE_MS`;
    /// `None`: nothing was read. Reading what is merely wanted takes at most a fifth of the time.
    ///
    /// # Errors
    /// Whatever the device reports; what was trained since the last reading is lost then.
    pub async fn train(
        &mut self,
        most: u64,
        budget_ms: f64,
        taking: Taking,
        clock: &dyn Fn() -> f64,
    ) -> Result<Option<Snapshot<f32>>, Trouble> {
        let start = clock();
        let mut left = usize::try_from(most).unwrap_or(usize::MAX);
        while left > 0 {
            while self.under_way.len() >= UNDER_WAY {
                self.await_oldest(clock).await?;
            }
            let wanted = self.slice.min(left);
            let begin = clock();
            let steps = self.submit(wanted)?;
            self.under_way.push_back(UnderWay {
                submitted: self.device.submitted(),
                begin,
                steps,
            });
            left -= steps;
            if steps < wanted {
                left = 0;
            }
            if clock() - start >= budget_ms {
                break;
            }
        }
        let since = clock() - self.taken_at;
        let due = match taking {
            Taking::Now => true,
            Taking::Wanted => since >= 4.0 * self.read_ms,
            Taking::Later => false,
        };
        if !(due || left == 0 || since >= TAKE_MS) {
            return Ok(None);
        }
        // Reading a small network's values takes no longer than waiting: one answer instead of two.
        while self.parameters > SMALL && !self.under_way.is_empty() {
            self.await_oldest(clock).await?;
        }
        let trained = clock();
        let words = match &self.interpreter {
            Interpreter::Resident(resident) => resident.words(0).await?,
            Interpreter::Layered(layered) => layered.words().await?,
        };
        self.taken_at = clock();
        if self.parameters > SMALL {
            self.read_ms = self.taken_at - trained;
        }
        // They are done; the values could not have come before.
        while !self.under_way.is_empty() {
            self.await_oldest(clock).await?;
        }
        Ok(Some(self.feed.snapshot(&words)))
    }

    /// Waits for the submission that came first, and sizes the next one by how long it took.
    async fn await_oldest(&mut self, clock: &dyn Fn() -> f64) -> Result<(), Trouble> {
        let Some(UnderWay {
            submitted,
            begin,
            steps,
        }) = self.under_way.pop_front()
        else {
            return Ok(());
        };
        self.device.wait(submitted).await?;
        let now = clock();
        // It began when the one before was done.
        let took = now - begin.max(self.done_at);
        self.done_at = now;
        // A submission that was cut short tells too little.
        if 2 * steps >= self.slice {
            let ratio = (SLICE_MS / took.max(0.1)).clamp(0.25, 4.0);
            self.slice = ((steps as f64 * ratio).round() as usize).clamp(1, MOST_STEPS);
        }
        Ok(())
    }

    /// Milliseconds of each kernel of a step, and of its products in every way; empty for the resident interpreter, which
    /// has one kernel. What follows is no training.
    ///
    /// # Errors
    /// Whatever the device reports.
    pub async fn times(
        &mut self,
        clock: &dyn Fn() -> f64,
    ) -> Result<Vec<(&'static str, f64)>, Trouble> {
        let Interpreter::Layered(layered) = &mut self.interpreter else {
            return Ok(Vec::new());
        };
        let products = layered.race(clock).await?;
        let mut times = layered.times(clock).await?;
        times.extend(products.into_iter().map(|(product, time)| {
            let name = match product {
                Product::Tiles => "products by tiles",
                Product::Blocks => "products by blocks",
                Product::Quads => "products by quads",
            };
            (name, time)
        }));
        Ok(times)
    }

    /// Submits the next steps; how many there were.
    fn submit(&mut self, count: usize) -> Result<usize, Trouble> {
        let mut steps: Vec<Step> = Vec::with_capacity(count);
        match &mut self.interpreter {
            Interpreter::Resident(resident) => {
                steps = self.feed.take_steps(count);
                resident.train(std::slice::from_ref(&steps))?;
            }
            Interpreter::Layered(layered) => {
                let mut rows = Vec::new();
                while steps.len() < count {
                    let Some((step, its)) = self.feed.next_step() else {
                        break;
                    };
                    steps.push(step);
                    rows.extend_from_slice(its);
                }
                layered.train(&steps, &rows)?;
            }
        }
        Ok(steps.len())
    }
}
