//! The wasm boundary: the only file that knows wasm-bindgen. No logic.
//!
//! Text in, unknown fields refused; plain objects and typed arrays out. The browser reads the text, since it has a
//! parser and the module would carry one more (and one of numbers) for nothing.

use js_sys::{Array, Float32Array, JSON, Object, Reflect, Uint8Array};
use serde_json::{Map, Number, Value};
use wasm_bindgen::prelude::*;

use crate::error::{self, Error};
use crate::plan::cost::Limits;
use crate::session::{self, Event, Frame, Metrics, Points, Tensor};
use crate::web_objects::{
    digits_object, floats, list, maps_object, numbers, output_object, plain, set,
};

fn now() -> f64 {
    // `performance` stands in windows, workers and node alike.
    thread_local!(static PERFORMANCE: Option<web_sys::Performance> = Reflect::get(&js_sys::global(), &"performance".into())
        .ok()
        .and_then(|value| value.dyn_into().ok()));
    PERFORMANCE.with(|performance| {
        performance
            .as_ref()
            .map_or_else(js_sys::Date::now, web_sys::Performance::now)
    })
}

/// The number as Rust prints it: the browser's digits, but zeros in place of an exponent.
fn decimal(value: f64) -> String {
    let printed = js_sys::Number::from(value)
        .to_string_with_radix(10)
        .map_or_else(|_| String::new(), String::from);
    let Some((digits, exponent)) = printed.split_once('e') else {
        return printed;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let (first, rest) = digits.split_once('.').unwrap_or((digits, ""));
    // Exponents begin where no digit is left behind the point.
    let zeros = if exponent < 0 {
        -exponent - 1
    } else {
        exponent - rest.len() as i32
    };
    let zeros = "0".repeat(zeros as usize);
    if exponent < 0 {
        [sign, "0.", &zeros, first, rest].concat()
    } else {
        [sign, first, rest, &zeros].concat()
    }
}

/// Lists and objects inside each other, at most.
const DEPTH: u32 = 64;

/// The JSON of `text`.
fn parsed(text: &str, field: &str) -> Result<Value, Error> {
    let malformed = |message: String| Error::Malformed {
        field: field.to_owned(),
        message,
    };
    let value = JSON::parse(text).map_err(|error| {
        let message = js_sys::Error::from(error).message();
        malformed(message.into())
    })?;
    read_of(&value, DEPTH).ok_or_else(|| malformed("lists and objects too deep".to_owned()))
}

/// None when it is deeper than `depth`.
fn read_of(value: &JsValue, depth: u32) -> Option<Value> {
    if let Some(flag) = value.as_bool() {
        return Some(flag.into());
    }
    if let Some(number) = value.as_f64() {
        return Some(number_of(number));
    }
    if let Some(text) = value.as_string() {
        return Some(text.into());
    }
    if value.is_null() {
        return Some(Value::Null);
    }
    let depth = depth.checked_sub(1)?;
    if let Some(items) = value.dyn_ref::<Array>() {
        return items.iter().map(|item| read_of(&item, depth)).collect();
    }
    let object = Object::from(value.clone());
    let names = Object::keys(&object);
    let values = Object::values(&object);
    let mut map = Map::new();
    for (name, value) in names.iter().zip(values.iter()) {
        map.insert(name.as_string()?, read_of(&value, depth)?);
    }
    Some(map.into())
}

/// Whole numbers as such, as the parser of the native engine has them.
fn number_of(number: f64) -> Value {
    let whole = number as i64;
    if whole as f64 == number && whole != i64::MAX && (whole != 0 || number.is_sign_positive()) {
        return whole.into();
    }
    Number::from_f64(number).into()
}

/// Puts a function of another module into this one's table; its place.
#[wasm_bindgen]
pub fn place_code(code: &JsValue) -> Result<u32, JsValue> {
    let table: js_sys::WebAssembly::Table = wasm_bindgen::function_table().unchecked_into();
    let place = table.grow(1)?;
    table.set(place, code.unchecked_ref())?;
    Ok(place)
}

/// The whole numbers of a list; what is none becomes 0, which is no tensor's size.
fn sizes(list: &JsValue) -> Vec<usize> {
    let size = |value: JsValue| value.as_f64().map_or(0, |value| value as usize);
    list.dyn_ref::<Array>()
        .map(|list| list.iter().map(size).collect())
        .unwrap_or_default()
}

fn rejected(error: &Error) -> Vec<Event> {
    vec![Event::Rejected {
        refusal: error.refusal(),
    }]
}

/// Throws the refusal as a plain object.
fn thrown(error: Error) -> JsValue {
    plain(&error.refusal())
}

/// One playground: commands in, events out.
#[wasm_bindgen]
pub struct Session {
    inner: session::Session,
}

#[wasm_bindgen]
impl Session {
    /// The playground as it opens.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Result<Session, JsValue> {
        console_error_panic_hook::set_once();
        error::print_with(decimal);
        session::Session::new()
            .map(|inner| Self { inner })
            .map_err(thrown)
    }

    /// Every table, field and limit.
    pub fn catalog(&self) -> JsValue {
        plain(&session::Catalog::new())
    }

    /// Carries a command (JSON) out; the events.
    pub fn handle(&mut self, command: &str) -> JsValue {
        let events = match parsed(command, "command") {
            Ok(command) => self.inner.handle_value(&command, &now),
            Err(error) => rejected(&error),
        };
        plain(&events)
    }

    /// The caller's own data.
    pub fn set_data(
        &mut self,
        inputs: &JsValue,
        columns: usize,
        targets: &JsValue,
        split: Option<Vec<u8>>,
        task: Option<String>,
    ) -> JsValue {
        let task = match task.as_deref() {
            None => Ok(None),
            Some(task) => crate::data::Task::parse(task).map(Some),
        };
        let done = task.and_then(|task| {
            self.inner.set_data(
                numbers(inputs),
                columns,
                numbers(targets),
                split.as_deref(),
                task,
            )
        });
        plain(&done.unwrap_or_else(|error| rejected(&error)))
    }

    /// What comes in a link may take less from now on.
    pub fn limit_as_link(&mut self) {
        self.inner.limit(Limits::LINK);
    }

    /// The digits' asset, decompressed; the events (none if it is sound).
    pub fn load_digits(&mut self, bytes: &[u8]) -> JsValue {
        plain(
            &self
                .inner
                .load_digits(bytes)
                .map_or_else(|error| rejected(&error), |()| Vec::new()),
        )
    }

    /// Trains for at most that many milliseconds at the present pace; the events.
    pub fn advance(&mut self, budget_ms: f64) -> JsValue {
        plain(&self.inner.advance(budget_ms, &now))
    }

    /// Steps that another engine may take now; 0 when not playing.
    pub fn permitted(&mut self) -> f64 {
        self.inner.permitted(now()) as f64
    }

    /// Everything that training has changed.
    pub fn snapshot(&self) -> Vec<u8> {
        self.inner.snapshot()
    }

    /// Goes on where the snapshot was taken; the events.
    pub fn restore(&mut self, snapshot: &[u8]) -> JsValue {
        let restored = self.inner.restore(snapshot);
        plain(&restored.unwrap_or_else(|error| rejected(&error)))
    }

    /// Where training is, for another engine.
    pub fn hand_over(&self) -> Vec<u8> {
        self.inner.hand_over()
    }

    /// Factor that reduce-on-plateau has come to, for another engine.
    pub fn plateau_factor(&self) -> f64 {
        self.inner.plateau_factor()
    }

    /// Steps done.
    pub fn step_count(&self) -> f64 {
        self.inner.step_count() as f64
    }

    /// What code for this run's steps depends on; empty where such code gains nothing.
    pub fn step_shape(&self) -> Vec<f64> {
        self.inner.step_shape()
    }

    /// Takes steps by the function that [`place_code`] has put in that place, which must have been compiled for that
    /// shape over this module's memory and wants so many bytes of it; false when the run is another's.
    #[allow(unsafe_code, reason = "code from outside")]
    pub fn use_code(&mut self, shape: &[f64], place: usize, scratch: usize) -> bool {
        // SAFETY: www/engine/code.ts passes what it has compiled for the shape.
        unsafe { self.inner.use_code(shape, place, scratch) }
    }

    /// Takes over what another engine has trained; the events.
    pub fn adopt(&mut self, trained: &[u8]) -> JsValue {
        let adopted = self.inner.adopt(trained, now());
        plain(&adopted.unwrap_or_else(|error| rejected(&error)))
    }

    /// Milliseconds until the pace allows another step; undefined when not playing.
    pub fn wait_ms(&self) -> Option<f64> {
        self.inner.wait_ms(now())
    }

    /// A frame as `wants` (JSON) asks, its maps and its large map in these arrays where they have the size. Throws a refusal.
    pub fn frame(
        &mut self,
        wants: &str,
        maps: Option<Array>,
        output: Option<Float32Array>,
    ) -> Result<JsValue, JsValue> {
        let mut frame = parsed(wants, "wants")
            .and_then(|wants| self.inner.frame_value(&wants, &now))
            .map_err(thrown)?;
        let object = frame_object(&frame, maps.as_ref(), output);
        if let Some(maps) = frame.maps.take() {
            self.inner.reuse(maps);
        }
        Ok(object)
    }

    /// Whether the next frame measures the splits.
    pub fn is_due(&self) -> bool {
        self.inner.is_due(now())
    }

    /// Takes over figures that another engine has measured, in so many milliseconds.
    pub fn take_figures(&mut self, numbers: &[f64], cost: f64) {
        self.inner.take_figures(numbers, cost, now());
    }

    /// The data's points.
    pub fn points(&self) -> JsValue {
        points_object(&self.inner.points())
    }

    /// Figures of all splits, measured now.
    pub fn metrics(&mut self) -> JsValue {
        metrics_object(&self.inner.metrics(&now))
    }

    /// The named tensors.
    pub fn weights(&self) -> JsValue {
        tensors_object(&self.inner.weights())
    }

    /// The loss's derivatives, as the named tensors.
    pub fn gradients(&mut self) -> JsValue {
        tensors_object(&self.inner.gradients())
    }

    /// A feature over the domain. Throws a refusal.
    pub fn feature_map(&self, feature: &str, resolution: usize) -> Result<Float32Array, JsValue> {
        self.inner
            .feature_map(feature, resolution)
            .map(|values| floats(&values))
            .map_err(thrown)
    }

    /// Sets the tensors given, `[{name, shape, data}]`; the events.
    pub fn set_weights(&mut self, tensors: &Array) -> JsValue {
        let read = |tensor: JsValue| Tensor {
            name: Reflect::get(&tensor, &"name".into())
                .ok()
                .and_then(|name| name.as_string())
                .unwrap_or_default(),
            shape: Reflect::get(&tensor, &"shape".into())
                .map(|shape| sizes(&shape))
                .unwrap_or_default(),
            data: Reflect::get(&tensor, &"data".into())
                .ok()
                .and_then(|data| data.dyn_into::<Float32Array>().ok())
                .map(|data| data.to_vec())
                .unwrap_or_default(),
        };
        let tensors: Vec<Tensor> = tensors.iter().map(read).collect();
        plain(
            &self
                .inner
                .set_weights(&tensors)
                .map_or_else(|error| rejected(&error), |()| Vec::new()),
        )
    }

    /// `(rows, outputs)` for `(rows, columns)`, which may be some of many: from the row `first`, of `rows` in all. Throws a refusal.
    pub fn predict(
        &mut self,
        inputs: &JsValue,
        columns: Option<usize>,
        first: Option<usize>,
        rows: Option<usize>,
    ) -> Result<Float32Array, JsValue> {
        self.inner
            .predict_part(numbers(inputs), columns, first.zip(rows))
            .map(|outputs| floats(&outputs))
            .map_err(thrown)
    }

    /// Every neuron's map, in the arrays of `reuse` where they have the size. Throws a refusal.
    pub fn maps(&mut self, resolution: usize, reuse: Option<Array>) -> Result<JsValue, JsValue> {
        let maps = self.inner.maps(resolution, true).map_err(thrown)?;
        let object = maps_object(&maps, reuse.as_ref());
        self.inner.reuse(maps);
        Ok(object)
    }

    /// A few points of a data set, for its button. Throws a refusal.
    pub fn thumbnail(&self, dataset: &str) -> Result<JsValue, JsValue> {
        session::thumbnail(dataset)
            .map(|points| points_object(&points))
            .map_err(thrown)
    }

    /// An activation (JSON choice) and its derivative over -5..=5. Throws a refusal.
    pub fn curve(&self, choice: &str) -> Result<JsValue, JsValue> {
        let curve = parsed(choice, "activation")
            .and_then(|choice| session::curve_of(&choice))
            .map_err(thrown)?;
        let object: JsValue = Object::new().into();
        set(&object, "z", floats(&curve.z));
        set(&object, "value", floats(&curve.value));
        set(&object, "slope", floats(&curve.slope));
        Ok(object)
    }

    /// What this build is.
    pub fn info(&self) -> JsValue {
        plain(&self.inner.info())
    }
}

fn tensors_object(tensors: &[Tensor]) -> JsValue {
    list(tensors.iter().map(|tensor| {
        let object: JsValue = Object::new().into();
        set(&object, "name", tensor.name.as_str());
        set(&object, "shape", plain(&tensor.shape));
        set(&object, "data", floats(&tensor.data));
        object
    }))
}

fn layers_object(layers: &[session::LayerWeights]) -> JsValue {
    list(layers.iter().map(|layer| {
        let object: JsValue = Object::new().into();
        set(&object, "weight", floats(&layer.weight));
        set(&object, "bias", floats(&layer.bias));
        set(&object, "outputs", layer.outputs as f64);
        set(&object, "inputs", layer.inputs as f64);
        object
    }))
}

fn points_object(points: &Points) -> JsValue {
    let object: JsValue = Object::new().into();
    set(&object, "kind", plain(&points.kind));
    set(&object, "x", floats(&points.x));
    set(&object, "y", floats(&points.y));
    set(&object, "label", floats(&points.label));
    set(&object, "split", Uint8Array::from(points.split.as_slice()));
    object
}

/// A run that diverges has figures that are not finite, for which JSON has no word.
fn metrics_object(metrics: &Metrics) -> JsValue {
    let object = plain(metrics);
    for (name, split) in [
        ("train", Some(&metrics.train)),
        ("validation", metrics.validation.as_ref()),
        ("test", metrics.test.as_ref()),
    ] {
        let Some(split) = split else { continue };
        let inner = Reflect::get(&object, &name.into()).unwrap_or(JsValue::NULL);
        set(&inner, "loss", split.loss);
        set(&inner, "penalty", split.penalty);
        for (id, value) in split.metrics.iter() {
            set(&inner, id, value);
        }
    }
    object
}

fn frame_object(frame: &Frame, maps: Option<&Array>, large: Option<Float32Array>) -> JsValue {
    let object = plain(&frame.head);
    if let Some(metrics) = &frame.head.metrics {
        set(&object, "metrics", metrics_object(metrics));
    }
    let history = frame.history.as_ref().map(|history| {
        let inner: JsValue = Object::new().into();
        set(&inner, "columns", plain(&crate::train::COLUMNS));
        set(&inner, "rows", history.rows as f64);
        set(&inner, "train_samples", history.train_samples as f64);
        set(&inner, "data", floats(&history.data));
        inner
    });
    let output = frame
        .output
        .as_ref()
        .map(|output| output_object(output, large));
    let digits = frame.digits.as_ref().map(digits_object);
    for (name, part) in [
        ("history", history),
        ("output", output),
        ("weights", frame.weights.as_deref().map(layers_object)),
        ("gradients", frame.gradients.as_deref().map(layers_object)),
        (
            "activations",
            frame
                .activations
                .as_deref()
                .map(|values| floats(values).into()),
        ),
        ("digits", digits),
        (
            "maps",
            frame.maps.as_ref().map(|found| maps_object(found, maps)),
        ),
    ] {
        set(&object, name, part.unwrap_or(JsValue::NULL));
    }
    object
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    #[expect(
        clippy::assertions_on_constants,
        reason = "the build's flags are what is tested"
    )]
    #[wasm_bindgen_test]
    fn the_build_has_simd() {
        assert!(
            cfg!(target_feature = "simd128"),
            "a RUSTFLAGS variable has replaced the flags of .cargo/config.toml"
        );
        let info = Session::new().unwrap().info();
        let field = |name: &str| Reflect::get(&info, &name.into()).unwrap();
        assert_eq!(field("simd").as_bool(), Some(true));
        assert!(field("version").is_string());
    }
}
