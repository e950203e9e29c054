//! The wasm boundary of the module with the GPU interpreters, which is fetched only where there is WebGPU. No logic.
//!
//! It trains what a session (`web.rs`, in a module of its own) tells it to, and hands back what came of it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Float64Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::backend::gpu::{Device, Needs, Trouble};
use crate::data::Task;
use crate::error::Error;
use crate::session::{Looked, Looking, Session};
use crate::train::{OnGpu, Snapshot, Taking, difference, trust};
use crate::web_objects::{digits_object, floats, maps_object, numbers, output_object, set};

fn now() -> f64 {
    thread_local!(static PERFORMANCE: Option<web_sys::Performance> = Reflect::get(&js_sys::global(), &"performance".into())
        .ok()
        .and_then(|value| value.dyn_into().ok()));
    PERFORMANCE.with(|performance| {
        performance
            .as_ref()
            .map_or_else(js_sys::Date::now, web_sys::Performance::now)
    })
}

/// `{code, message, limit?, needed?, available?}`.
fn thrown(trouble: Trouble) -> JsValue {
    trouble_object(&trouble)
}

fn trouble_object(trouble: &Trouble) -> JsValue {
    let object: JsValue = Object::new().into();
    let code = match trouble {
        Trouble::NoAdapter { .. } => "adapter_null",
        Trouble::Refused { .. } => "device_refused",
        Trouble::Limit {
            limit,
            needed,
            available,
        } => {
            set(&object, "limit", *limit);
            set(&object, "needed", *needed as f64);
            set(&object, "available", *available as f64);
            "limits"
        }
        Trouble::Rejected { .. } => "shader_error",
        Trouble::OutOfMemory => "out_of_memory",
        Trouble::Lost { .. } => "device_lost",
        Trouble::Mismatch { .. } => "mismatch",
    };
    set(&object, "code", code);
    set(&object, "message", trouble.to_string());
    object
}

/// `{bytes, step, finite}`.
fn taken_object(taken: &Snapshot<f32>) -> JsValue {
    let object: JsValue = Object::new().into();
    set(
        &object,
        "bytes",
        Uint8Array::from(taken.to_bytes().as_slice()),
    );
    set(&object, "step", taken.progress.step as f64);
    set(&object, "finite", taken.is_finite());
    object
}

fn snapshot_of(bytes: &[u8]) -> Result<Snapshot<f32>, JsValue> {
    Snapshot::from_bytes(bytes).map_err(mismatch)
}

fn mismatch(error: Error) -> JsValue {
    thrown(Trouble::Mismatch {
        message: error.to_string(),
    })
}

/// A device, shared by all that train in a thread.
#[wasm_bindgen]
pub struct GpuDevice {
    inner: Device,
}

#[wasm_bindgen]
impl GpuDevice {
    /// Asks for a device whose largest buffer takes so many bytes. Throws what stands in the way.
    pub async fn request(storage_bytes: f64) -> Result<GpuDevice, JsValue> {
        console_error_panic_hook::set_once();
        let needs = Needs {
            storage_bytes: storage_bytes as u64,
        };
        let inner = Device::request(needs).await.map_err(thrown)?;
        Ok(Self { inner })
    }

    /// The browser has given it subgroups.
    pub fn has_subgroups(&mut self) {
        self.inner.has_subgroups();
    }

    /// Largest relative difference from the CPU after two steps of a tiny network. Throws what stands in the way.
    pub async fn trust(&self) -> Result<f64, JsValue> {
        trust(&self.inner, &now).await.map_err(thrown)
    }

    /// What has gone wrong so far; null: nothing.
    pub fn trouble(&self) -> JsValue {
        self.inner
            .trouble()
            .map_or(JsValue::NULL, |trouble| trouble_object(&trouble))
    }

    /// Gives the device up; whatever is on it is lost.
    pub fn destroy(&self) {
        self.inner.destroy();
    }

    /// `{dispatches, submits, uploaded, read_back}` since the device was made, in bytes where it is data.
    pub fn traffic(&self) -> JsValue {
        let traffic = self.inner.traffic();
        let object: JsValue = Object::new().into();
        for (name, value) in [
            ("dispatches", traffic.dispatches),
            ("submits", traffic.submits),
            ("uploaded", traffic.uploaded),
            ("read_back", traffic.read_back),
        ] {
            set(&object, name, value as f64);
        }
        object
    }
}

/// One run on a device. It follows a session of another module: the same config gives the same run here.
#[wasm_bindgen]
pub struct GpuTrainer {
    device: Device,
    /// Its lookers share it. Never borrowed while something is awaited that a looker could meet.
    session: Rc<RefCell<Session>>,
    on_gpu: Option<OnGpu>,
}

#[wasm_bindgen]
impl GpuTrainer {
    /// A trainer of the default run.
    #[wasm_bindgen(constructor)]
    pub fn new(device: &GpuDevice) -> Result<GpuTrainer, JsValue> {
        let session = Session::new().map_err(|error| JsValue::from_str(&error.to_string()))?;
        Ok(Self {
            device: device.inner.clone(),
            session: Rc::new(RefCell::new(session)),
            on_gpu: None,
        })
    }

    /// The digits' asset, decompressed.
    pub fn load_digits(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        self.session
            .borrow_mut()
            .load_digits(bytes)
            .map_err(|error| JsValue::from_str(&error.to_string()))
    }

    /// The caller's own data.
    pub fn set_data(
        &mut self,
        inputs: &JsValue,
        columns: usize,
        targets: &JsValue,
        split: Option<Vec<u8>>,
        task: Option<String>,
    ) -> Result<(), JsValue> {
        let task = task.as_deref().map(Task::parse).transpose();
        task.and_then(|task| {
            self.session.borrow_mut().set_data(
                numbers(inputs),
                columns,
                numbers(targets),
                split.as_deref(),
                task,
            )
        })
        .map(|_| ())
        .map_err(|error| JsValue::from_str(&error.to_string()))
    }

    /// The accepted config, as the command `configure` (JSON). Throws if this module does not accept it.
    pub fn configure(&mut self, command: &str) -> Result<(), JsValue> {
        let events = self.session.borrow_mut().handle(command, &now);
        let refused = events
            .iter()
            .any(|event| matches!(event, crate::session::Event::Rejected { .. }));
        if refused {
            return Err(JsValue::from_str("the config was refused"));
        }
        Ok(())
    }

    /// Puts the run on the device, where the session is. Throws what stands in the way.
    #[expect(clippy::await_holding_refcell_ref, reason = "there is no looker yet")]
    pub async fn prepare(&mut self, at: Vec<u8>) -> Result<(), JsValue> {
        let at = snapshot_of(&at)?;
        let mut session = self.session.borrow_mut();
        let run = session.run();
        run.trainer.restore(&at).map_err(mismatch)?;
        let on_gpu = OnGpu::new(&self.device, run, &now).await.map_err(thrown)?;
        self.on_gpu = Some(on_gpu);
        Ok(())
    }

    /// What looks at this run's parameters. Throws what stands in the way.
    pub async fn looker(&mut self) -> Result<GpuLooker, JsValue> {
        let plan = self.session.borrow_mut().run().trainer.plan().clone();
        let forward = self.on_device()?.forward(&plan).await.map_err(thrown)?;
        Ok(GpuLooker {
            session: Rc::clone(&self.session),
            looking: Looking::new(forward),
        })
    }

    /// `resident` or `layered`; undefined before [`GpuTrainer::prepare`].
    pub fn interpreter(&self) -> Option<String> {
        self.on_gpu
            .as_ref()
            .map(|on_gpu| on_gpu.interpreter().to_owned())
    }

    /// Goes where the session is.
    pub fn restore(&mut self, at: &[u8]) -> Result<(), JsValue> {
        let at = snapshot_of(at)?;
        self.on_device()?.restore(&at).map_err(thrown)
    }

    /// Takes the factor of reduce-on-plateau from the session, which is at the same step.
    pub fn follow(&mut self, factor: f64) -> Result<(), JsValue> {
        self.on_device()?.follow(factor);
        Ok(())
    }

    /// At most `most` steps, for about so many milliseconds. `taking` is 0 (in its time), 1 (as soon as that costs little)
    /// or 2 (now). `{bytes, step, finite}` when what has come of it was read back. Throws what went wrong.
    pub async fn train(
        &mut self,
        most: f64,
        budget_ms: f64,
        taking: u32,
    ) -> Result<JsValue, JsValue> {
        let taking = match taking {
            0 => Taking::Later,
            1 => Taking::Wanted,
            _ => Taking::Now,
        };
        let taken = self
            .on_device()?
            .train(most as u64, budget_ms, taking, &now)
            .await
            .map_err(thrown)?;
        Ok(taken.map_or(JsValue::UNDEFINED, |taken| taken_object(&taken)))
    }

    /// Steps done, those under way included.
    pub fn step_count(&self) -> f64 {
        self.on_gpu
            .as_ref()
            .map_or(0.0, |on_gpu| on_gpu.step_count() as f64)
    }

    /// `[[kernel, milliseconds], ...]` of a step, products in both ways last; empty for a run in one workgroup. What follows
    /// is no training: the benchmark asks.
    pub async fn times(&mut self) -> Result<JsValue, JsValue> {
        let times = self.on_device()?.times(&now).await.map_err(thrown)?;
        let list = js_sys::Array::new();
        for (name, time) in times {
            list.push(&js_sys::Array::of2(&name.into(), &time.into()));
        }
        Ok(list.into())
    }

    /// One step here and on the CPU from the same place: the largest relative difference. The run is then where it was.
    pub async fn compare(&mut self, at: Vec<u8>) -> Result<f64, JsValue> {
        let at = snapshot_of(&at)?;
        let on_gpu = self.on_device()?;
        on_gpu.restore(&at).map_err(thrown)?;
        let theirs = on_gpu
            .train(1, 0.0, Taking::Now, &now)
            .await
            .map_err(thrown)?;
        on_gpu.restore(&at).map_err(thrown)?;
        let mut session = self.session.borrow_mut();
        let trainer = &mut session.run().trainer;
        // A step that diverges is none to compare: both engines then tell that they have no number.
        if trainer.restore(&at).is_err() || trainer.train_step().is_err() {
            return Ok(f64::NAN);
        }
        let theirs = theirs.map(|taken| taken.words()).unwrap_or_default();
        Ok(difference(&trainer.hand_over().words(), &theirs))
    }

    /// Steps a second of the CPU on this run, measured for so many milliseconds.
    pub fn cpu_speed(&mut self, at: &[u8], milliseconds: f64) -> Result<f64, JsValue> {
        let at = snapshot_of(at)?;
        let mut session = self.session.borrow_mut();
        let trainer = &mut session.run().trainer;
        trainer.restore(&at).map_err(mismatch)?;
        let begin = now();
        let mut steps = 0;
        loop {
            if trainer.train_step().is_err() {
                trainer.restore(&at).map_err(mismatch)?;
            }
            steps += 1;
            let took = now() - begin;
            if took >= milliseconds {
                return Ok(f64::from(steps) / took * 1000.0);
            }
        }
    }
}

impl GpuTrainer {
    fn on_device(&mut self) -> Result<&mut OnGpu, JsValue> {
        self.on_gpu.as_mut().ok_or_else(|| {
            thrown(Trouble::Mismatch {
                message: "not prepared".to_owned(),
            })
        })
    }
}

/// Looks at a trainer's run, on the device, while that trains on.
#[wasm_bindgen]
pub struct GpuLooker {
    session: Rc<RefCell<Session>>,
    looking: Looking,
}

#[wasm_bindgen]
impl GpuLooker {
    /// What follows looks at the parameters as they are after everything that has been submitted so far.
    pub fn take(&self) -> Result<(), JsValue> {
        self.looking.take().map_err(thrown)
    }

    /// The parts of a frame that `wants` (JSON) names and a forward pass makes, null where there are none; with `figures`
    /// those of the splits too, as the session takes them. Throws what went wrong; `{code: "refused"}` for wants that the
    /// session refuses.
    pub async fn look(&mut self, wants: &str, figures: bool) -> Result<JsValue, JsValue> {
        let question = self
            .session
            .borrow_mut()
            .question(&self.looking, wants, figures);
        let question = question.map_err(|error| {
            let object: JsValue = Object::new().into();
            set(&object, "code", "refused");
            set(&object, "message", error.to_string());
            object
        })?;
        let answers = self.looking.answer(&question, &now).await.map_err(thrown)?;
        Ok(looked_object(
            &self.session.borrow_mut().looked(&question, &answers),
        ))
    }
}

fn looked_object(looked: &Looked) -> JsValue {
    let object: JsValue = Object::new().into();
    let figures = Float64Array::from(looked.figures.as_slice());
    let activations = looked.activations.as_deref();
    for (name, part) in [
        ("figures", Some(figures.into())),
        (
            "maps",
            looked.maps.as_ref().map(|maps| maps_object(maps, None)),
        ),
        (
            "output",
            looked
                .output
                .as_ref()
                .map(|output| output_object(output, None)),
        ),
        (
            "activations",
            activations.map(|values| floats(values).into()),
        ),
        ("digits", looked.digits.as_ref().map(digits_object)),
    ] {
        set(&object, name, part.unwrap_or(JsValue::NULL));
    }
    object
}
