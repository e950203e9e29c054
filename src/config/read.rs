//! Reading JSON by hand: every refusal names the path of the value, and no type's Rust name leaks into a sentence.
//!
//! (Derived deserializers with path tracking did the same in about 190 KB of wasm before compression.)

use serde_json::{Map, Value};

use super::{
    Choice, Config, DataConfig, EarlyStoppingConfig, LayerConfig, Mode, NetworkConfig,
    OutputConfig, Seeds, SplitConfig, StopConfig, TargetConfig, TrainingConfig,
};
use crate::error::Error;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct At<'a> {
    pub(crate) value: &'a Value,
    path: String,
}

/// What can be read from JSON.
pub(crate) trait Read: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// `Malformed` or `UnknownField` with the path of the value.
    fn read(at: &At<'_>) -> Result<Self, Error>;
}

impl<'a> At<'a> {
    /// The whole of a document; refusals of it as a whole name `path`.
    pub(crate) fn root(value: &'a Value, path: &str) -> Self {
        Self {
            value,
            path: path.to_owned(),
        }
    }

    /// The object here, all of whose keys are among `known`.
    ///
    /// # Errors
    /// `Malformed` when it is none, `UnknownField` with the first key that is not known.
    #[inline(never)]
    pub(crate) fn object(&self, known: &[&str]) -> Result<&'a Map<String, Value>, Error> {
        let Value::Object(map) = self.value else {
            return Err(self.expected("an object"));
        };
        match map.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(Error::UnknownField {
                field: self.inside(key),
            }),
            None => Ok(map),
        }
    }

    /// The value of `key`.
    ///
    /// # Errors
    /// `Malformed` when there is none and nothing stands for it, or when it is of another kind.
    pub(crate) fn get<T: Read>(
        &self,
        map: &'a Map<String, Value>,
        key: &str,
        default: Option<T>,
    ) -> Result<T, Error> {
        match (self.member(map, key), default) {
            (Some(member), _) => T::read(&member),
            (None, Some(default)) => Ok(default),
            (None, None) => Err(self.missing(key)),
        }
    }

    /// Apart from [`Self::get`], which there is of each type that is read.
    #[inline(never)]
    fn member(&self, map: &'a Map<String, Value>, key: &str) -> Option<Self> {
        map.get(key).map(|value| At {
            value,
            path: self.inside(key),
        })
    }

    #[inline(never)]
    fn missing(&self, key: &str) -> Error {
        Error::Malformed {
            field: self.path.clone(),
            message: format!("{key} is missing"),
        }
    }

    /// The text of `key` here, whatever else there is.
    ///
    /// # Errors
    /// `Malformed` when there is none.
    pub(crate) fn text_of(&self, key: &str) -> Result<&'a str, Error> {
        self.value
            .get(key)
            .and_then(Value::as_str)
            .ok_or_else(|| self.missing(key))
    }

    /// The refusal of a value of another kind.
    #[inline(never)]
    pub(crate) fn expected(&self, what: &str) -> Error {
        let found = match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        Error::Malformed {
            field: self.path.clone(),
            message: format!("expected {what}, found {found}"),
        }
    }

    #[inline(never)]
    fn inside(&self, key: &str) -> String {
        // The config's own name is not part of its fields' paths, unless nothing would be left.
        if self.path == "config" && !key.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }
}

impl Read for f64 {
    fn read(at: &At<'_>) -> Result<Self, Error> {
        at.value.as_f64().ok_or_else(|| at.expected("a number"))
    }
}

impl Read for u64 {
    fn read(at: &At<'_>) -> Result<Self, Error> {
        let value = f64::read(at)?;
        // Whole numbers up to 2^53, which is all that JavaScript has.
        if value.fract() != 0.0 || !(0.0..=9_007_199_254_740_992.0).contains(&value) {
            return Err(at.expected("a whole number from 0"));
        }
        Ok(value as Self)
    }
}

impl Read for u32 {
    fn read(at: &At<'_>) -> Result<Self, Error> {
        Self::try_from(u64::read(at)?).map_err(|_| at.expected("a smaller number"))
    }
}

impl Read for usize {
    fn read(at: &At<'_>) -> Result<Self, Error> {
        u32::read(at).map(|value| value as Self)
    }
}

impl Read for bool {
    fn read(at: &At<'_>) -> Result<Self, Error> {
        at.value
            .as_bool()
            .ok_or_else(|| at.expected("true or false"))
    }
}

impl Read for String {
    fn read(at: &At<'_>) -> Result<Self, Error> {
        at.value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| at.expected("text"))
    }
}

impl Read for Value {
    fn read(at: &At<'_>) -> Result<Self, Error> {
        Ok(at.value.clone())
    }
}

impl<T: Read> Read for Option<T> {
    fn read(at: &At<'_>) -> Result<Self, Error> {
        if at.value.is_null() {
            Ok(None)
        } else {
            T::read(at).map(Some)
        }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(at: &At<'_>) -> Result<Self, Error> {
        let Value::Array(items) = at.value else {
            return Err(at.expected("a list"));
        };
        let place = |(index, value)| At {
            value,
            path: format!("{}[{index}]", at.path),
        };
        items
            .iter()
            .enumerate()
            .map(place)
            .map(|item| T::read(&item))
            .collect()
    }
}

impl Read for Mode {
    fn read(at: &At<'_>) -> Result<Self, Error> {
        match at.value.as_str() {
            Some("standard") => Ok(Self::Standard),
            Some("tf_playground") => Ok(Self::TfPlayground),
            _ => Err(at.expected("standard or tf_playground")),
        }
    }
}

impl Read for Choice {
    fn read(at: &At<'_>) -> Result<Self, Error> {
        let map = match at.value {
            Value::String(id) => return Ok(Self::of(id)),
            Value::Object(map) => map,
            _ => return Err(at.expected("an id, or an object with an id")),
        };
        let mut choice = Self::of(&at.get::<String>(map, "id", None)?);
        for key in map.keys().filter(|key| *key != "id") {
            choice.params.insert(key, at.get(map, key, None)?);
        }
        Ok(choice)
    }
}

/// Reads a struct field by field; `field = value` may be left out.
macro_rules! record {
    ($type:ident { $($field:ident $(= $default:expr)?),+ $(,)? }) => {
        impl $crate::config::read::Read for $type {
            fn read(at: &$crate::config::read::At<'_>) -> Result<Self, $crate::error::Error> {
                let map = at.object(&[$(stringify!($field)),+])?;
                Ok(Self { $($field: at.get(map, stringify!($field), record!(@ $($default)?))?),+ })
            }
        }
    };
    (@) => { None };
    (@ $default:expr) => { Some($default) };
}
pub(crate) use record;

record!(Seeds {
    data,
    split,
    init,
    batches,
    tf_playground
});
record!(SplitConfig {
    train,
    validation,
    test
});
record!(DataConfig {
    dataset,
    samples,
    noise,
    label_noise,
    balance,
    classes,
    split,
    features,
    scaling
});
record!(LayerConfig { units, activation, dropout = 0.0, frozen = false, learning_rate_factor = 1.0 });
record!(OutputConfig {
    activation,
    frozen,
    learning_rate_factor
});
record!(NetworkConfig {
    hidden,
    output,
    weight_initializer,
    bias_initializer
});
record!(EarlyStoppingConfig {
    metric = Self::default().metric,
    patience = Self::default().patience,
    min_delta = Self::default().min_delta,
    restore_best = Self::default().restore_best,
});
record!(TargetConfig { metric = Self::default().metric, value = Self::default().value });
record!(StopConfig {
    epochs,
    target,
    evaluate_test
});
record!(TrainingConfig {
    loss,
    optimizer,
    schedule,
    batch_size,
    shuffled,
    penalty,
    max_norm,
    clip,
    early_stopping,
    stop,
});
record!(Config {
    version,
    mode,
    seeds,
    data,
    network,
    training
});
