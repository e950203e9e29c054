//! Wishes to a `Config`: JSON laid over defaults or over the present config, refused by field name.

use serde_json::{Map, Value};

use super::Config;
use super::field::{FIELDS, FieldKind};
use super::read::{At, Read};
use crate::error::Error;

/// Lays `patch` over `base`: objects merge, everything else replaces. A choice (an object with an `id`, or a bare
/// id) with another id replaces the whole choice, so that no parameter of the old row is left behind.
pub fn overlay(base: &mut Value, patch: &Value) {
    match (base, patch) {
        (Value::Object(base), Value::Object(patch)) if !is_other_choice(base, patch) => {
            for (key, value) in patch {
                overlay(base.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (base, patch) => *base = patch.clone(),
    }
}

fn is_other_choice(base: &Map<String, Value>, patch: &Map<String, Value>) -> bool {
    patch.get("id").is_some_and(|id| base.get("id") != Some(id))
}

/// Reads a whole config.
///
/// # Errors
/// `UnknownField` with the path of the first field that the schema does not have; `Malformed` with the path of a
/// value of the wrong type. Limits are checked by [`super::resolve`].
pub fn parse(value: &Value) -> Result<Config, Error> {
    check_integers(value)?;
    Config::read(&At::root(value, "config"))
}

/// Refuses numbers that an integer field cannot hold by that field's limits, before they are read.
fn check_integers(value: &Value) -> Result<(), Error> {
    for field in FIELDS
        .iter()
        .filter(|field| field.kind == FieldKind::Integer)
    {
        // By a character, since a search for text is 2 KB of the wasm module.
        let (list, path) = match field.path.split_once('[') {
            Some((list, rest)) => (Some(list), rest.trim_start_matches(['.', ']'])),
            None => (None, field.path),
        };
        let check = |inside: &Value, prefix: &str| {
            let number = at(inside, path).and_then(Value::as_f64);
            match number {
                Some(value)
                    if value.fract() != 0.0 || !(field.min..=field.max).contains(&value) =>
                {
                    Err(Error::OutOfRange {
                        field: format!("{prefix}{path}"),
                        value,
                        min: field.min,
                        max: field.max,
                    })
                }
                _ => Ok(()),
            }
        };
        match list {
            None => check(value, "")?,
            Some(list) => {
                let items = at(value, list).and_then(Value::as_array);
                for (index, item) in items.into_iter().flatten().enumerate() {
                    check(item, &format!("{list}[{index}]."))?;
                }
            }
        }
    }
    Ok(())
}

fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, key| value.get(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn patched(patch: &Value) -> Result<Config, Error> {
        let mut value = serde_json::to_value(Config::default()).unwrap();
        overlay(&mut value, patch);
        parse(&value)
    }

    #[test]
    fn a_config_goes_round() {
        assert_eq!(patched(&json!({})).unwrap(), Config::default());
    }

    #[test]
    fn unknown_fields_are_named_by_path() {
        for (patch, path) in [
            (json!({"trainning": {}}), "trainning"),
            (json!({"training": {"batchsize": 3}}), "training.batchsize"),
            (json!({"data": {"split": {"trian": 3}}}), "data.split.trian"),
        ] {
            assert_eq!(
                patched(&patch).unwrap_err(),
                Error::UnknownField { field: path.into() }
            );
        }
    }

    #[test]
    fn wrong_types_are_named_by_path() {
        let error = patched(&json!({"training": {"batch_size": "ten"}})).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            ("malformed", "training.batch_size")
        );
    }

    #[test]
    fn integers_out_of_their_limits_are_refused_by_them() {
        for (patch, field) in [
            (json!({"data": {"samples": -4}}), "data.samples"),
            (
                json!({"training": {"batch_size": 1.5}}),
                "training.batch_size",
            ),
            (json!({"seeds": {"init": 5e9}}), "seeds.init"),
            (
                json!({"network": {"hidden": [{"units": -1, "activation": "relu"}]}}),
                "network.hidden[0].units",
            ),
        ] {
            let error = patched(&patch).unwrap_err();
            assert_eq!((error.code(), error.field()), ("out_of_range", field));
        }
    }

    #[test]
    fn a_layer_needs_units_and_activation_only() {
        let config =
            patched(&json!({"network": {"hidden": [{"units": 3, "activation": "relu"}]}})).unwrap();
        assert_eq!(
            config.network.hidden,
            [crate::config::LayerConfig::new(3, "relu")]
        );
    }

    #[test]
    fn another_choice_leaves_no_parameter_of_the_old_one() {
        let config = patched(&json!({"training": {"optimizer": {"id": "sgd"}}})).unwrap();
        assert!(config.training.optimizer.params.is_empty());
        let config = patched(&json!({"training": {"optimizer": {"beta1": 0.8}}})).unwrap();
        assert_eq!(config.training.optimizer.id, "adam");
        assert_eq!(config.training.optimizer.params["learning_rate"], 0.01);
    }
}
