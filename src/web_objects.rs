//! Plain objects and typed arrays for the two boundaries, `web.rs` and `web_gpu.rs`.

use js_sys::{Array, Float32Array, Float64Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::prelude::*;

use crate::data::Numbers;
use crate::inspect::Maps;
use crate::session::{LargeMap, WrongDigits};

/// Plain objects, numbers as numbers, maps as objects, none as null; what is not finite is null as in JSON.
pub(crate) fn plain<T: Serialize + ?Sized>(value: &T) -> JsValue {
    object_of(crate::config::value_of(value))
}

fn object_of(value: Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Bool(value) => value.into(),
        Value::Number(value) => value.as_f64().into(),
        Value::String(value) => value.into(),
        Value::Array(values) => list(values.into_iter().map(object_of)),
        Value::Object(values) => {
            let object: JsValue = Object::new().into();
            for (name, value) in values {
                set(&object, &name, object_of(value));
            }
            object
        }
    }
}

pub(crate) fn set(object: &JsValue, name: &str, value: impl Into<JsValue>) {
    // Setting a property of a plain object cannot fail.
    let _ = Reflect::set(object, &name.into(), &value.into());
}

/// The caller's numbers: a `Float64Array`, or else a `Float32Array`.
pub(crate) fn numbers(values: &JsValue) -> Numbers {
    match values.dyn_ref::<Float64Array>() {
        Some(values) => values.to_vec().into(),
        None => values
            .dyn_ref::<Float32Array>()
            .map(Float32Array::to_vec)
            .unwrap_or_default()
            .into(),
    }
}

pub(crate) fn floats(values: &[f32]) -> Float32Array {
    Float32Array::from(values)
}

pub(crate) fn list(items: impl Iterator<Item = JsValue>) -> JsValue {
    items.collect::<Array>().into()
}

pub(crate) fn maps_object(maps: &Maps, reuse: Option<&Array>) -> JsValue {
    let object: JsValue = Object::new().into();
    set(&object, "resolution", maps.resolution as f64);
    let layers = maps.layers.iter().enumerate().map(|(index, layer)| {
        let old = reuse.and_then(|old| old.get(index as u32).dyn_into().ok());
        floats_in(old, layer).into()
    });
    set(&object, "layers", list(layers));
    object
}

/// In an array that is needed no more, if it has the size.
fn floats_in(old: Option<Float32Array>, values: &[f32]) -> Float32Array {
    match old.filter(|old| old.length() as usize == values.len()) {
        Some(old) => {
            old.copy_from(values);
            old
        }
        None => floats(values),
    }
}

pub(crate) fn output_object(output: &LargeMap, reuse: Option<Float32Array>) -> JsValue {
    let object: JsValue = Object::new().into();
    set(&object, "resolution", output.resolution as f64);
    set(&object, "data", floats_in(reuse, &output.data));
    set(&object, "units", output.units as f64);
    object
}

pub(crate) fn digits_object(digits: &WrongDigits) -> JsValue {
    let object: JsValue = Object::new().into();
    let wrong = digits.wrong.iter().map(|(head, pixels)| {
        let digit = plain(head);
        set(&digit, "pixels", Uint8Array::from(pixels.as_slice()));
        digit
    });
    set(&object, "wrong", list(wrong));
    set(&object, "wrong_count", digits.wrong_count as f64);
    set(&object, "of", digits.of as f64);
    set(&object, "split", digits.split);
    object
}
