//! From a config to a run of the engine, and to what the GPU interpreters are given.

use std::rc::Rc;

use neural_playground::backend::gpu::{Device, Needs, Readback, Table, Trouble};
use neural_playground::config::{Choice, Config, LayerConfig};
use neural_playground::data::{CustomData, Dataset, Task};
use neural_playground::random::{Purpose, Random};
use neural_playground::train::Run;

/// `make test-all`: nothing is shortened. Read when this is compiled, since a worker of the browser has no environment.
pub(crate) const EVERYTHING: bool = option_env!("TEST_ALL").is_some();

/// One of three counts. The browser's is the smallest: its shaders compile slowly.
pub(crate) const fn amount(everything: u32, natively: u32, in_browser: u32) -> u32 {
    if EVERYTHING {
        everything
    } else if cfg!(target_arch = "wasm32") {
        in_browser
    } else {
        natively
    }
}

/// The device, once per test; `None` says that the test is skipped, which `REQUIRE_GPU=1` and browsers forbid.
pub(crate) async fn device() -> Option<Device> {
    match requested().await {
        Ok(device) => Some(device),
        Err(trouble) => {
            assert!(
                cfg!(not(target_arch = "wasm32")) && std::env::var("REQUIRE_GPU").is_err(),
                "a GPU is required, but: {trouble}"
            );
            println!("skipped: {trouble}");
            None
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
async fn requested() -> Result<Device, Trouble> {
    Device::request(Needs::default()).await
}

#[cfg(target_arch = "wasm32")]
async fn requested() -> Result<Device, Trouble> {
    let subgroups = in_browser::asked_for_subgroups().await;
    let mut device = Device::request(Needs::default()).await?;
    if subgroups {
        device.has_subgroups();
    }
    Ok(device)
}

#[cfg(target_arch = "wasm32")]
mod in_browser {
    use js_sys::{Function, Promise};
    use wasm_bindgen_futures::JsFuture;

    /// As the page's `withSubgroups`: wgpu does not know of them. True where the adapter has them.
    pub(super) async fn asked_for_subgroups() -> bool {
        let script = Function::new_no_args(
            r#"return (async () => {
                const adapter = await navigator.gpu?.requestAdapter();
                if (!adapter?.features.has("subgroups")) return false;
                const { prototype } = GPUAdapter;
                const plain = (prototype.plainRequestDevice ??= prototype.requestDevice);
                prototype.requestDevice = function (descriptor) {
                    const requiredFeatures = [...(descriptor?.requiredFeatures ?? []), "subgroups"];
                    return plain.call(this, { ...descriptor, requiredFeatures });
                };
                return true;
            })()"#,
        );
        let promise = Promise::from(script.call0(&script).unwrap());
        JsFuture::from(promise).await.unwrap().as_bool().unwrap()
    }
}

/// A run with the data set that its table is made of.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) run: Run<f32>,
}

impl Case {
    pub(crate) fn new(name: &str, mut config: Config, dataset: &Dataset) -> Self {
        let inputs: Rc<[f32]> = dataset.inputs.as_slice().into();
        let run = Run::new(&mut config, dataset, inputs, None)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        Self {
            name: name.to_owned(),
            run,
        }
    }

    /// Over the data set that the config names.
    pub(crate) fn built(name: &str, config: Config) -> Self {
        let dataset = Dataset::build(&config.data, &config.seeds, config.mode, None).unwrap();
        Self::new(name, config, &dataset)
    }

    pub(crate) fn table(&mut self) -> (Vec<f32>, Vec<f32>) {
        let data = self.run.trainer.interpreter().data();
        (data.inputs.to_vec(), data.targets.clone())
    }

    /// Trains on the CPU; each step's loss.
    pub(crate) fn train(&mut self, steps: usize) -> Vec<f64> {
        (0..steps)
            .map(|step| {
                self.run
                    .trainer
                    .train_step()
                    .unwrap_or_else(|_| panic!("{}: step {step} diverged", self.name));
                if self.run.trainer.is_epoch_over() {
                    self.run.trainer.finish_epoch(|_| None);
                }
                self.run.trainer.last_loss().unwrap()
            })
            .collect()
    }

    /// What the CPU has changed.
    pub(crate) fn progress(&mut self) -> Readback {
        let start = self.run.trainer.start(0);
        let (parameters, state) = (start.parameters.to_vec(), start.state.to_vec());
        let gradients = self.run.trainer.interpreter().gradients().to_vec();
        Readback {
            parameters,
            gradients,
            state,
        }
    }
}

pub(crate) fn tables(contents: &[(Vec<f32>, Vec<f32>)]) -> Vec<Table<'_>> {
    contents
        .iter()
        .map(|(inputs, targets)| Table { inputs, targets })
        .collect()
}

/// Inputs between -1 and 1 with targets of one kind: `classes` of 0 for values.
pub(crate) fn dataset(
    seed: u32,
    rows: usize,
    columns: usize,
    classes: usize,
    config: &Config,
) -> Dataset {
    let random = Random::new(seed, Purpose::Points);
    let inputs: Vec<f32> = (0..rows * columns)
        .map(|index| random.between(index as u64, -1.0, 1.0) as f32)
        .collect();
    let targets: Vec<f32> = (0..rows)
        .map(|row| match classes {
            0 => inputs[row * columns] * 0.5 - 0.25,
            // Every class occurs.
            _ => (row % classes) as f32,
        })
        .collect();
    let task = if classes == 0 {
        Task::Regression
    } else {
        Task::Classification
    };
    let parts = vec![0; rows];
    let custom = CustomData::new(inputs, columns, &targets, Some(&parts), Some(task)).unwrap();
    Dataset::from_custom(&custom, &config.data, &config.seeds).unwrap()
}

/// The page's config with these hidden layers.
pub(crate) fn network(hidden: &[(u32, &str)]) -> Config {
    let mut config = Config::default();
    config.network.hidden = hidden
        .iter()
        .map(|&(units, activation)| LayerConfig::new(units, activation))
        .collect();
    config
}

/// Output activation, loss and targets that fit each other.
pub(crate) fn with_output(mut config: Config, output: &str, loss: &str) -> Config {
    config.network.output.activation = Choice::of(output);
    config.training.loss = Choice::of(loss);
    config
}
