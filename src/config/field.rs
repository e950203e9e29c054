//! Every field of `Config`: where it is, its limits, and what changing it does to the run.

use serde::Serialize;

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Takes effect on the next step; nothing else changes.
    Live,
    /// The plan or the data are built anew; counters stay, and the parameters of all layers and neurons that stay.
    Replan,
    /// New parameters, step 0.
    Reset,
}

/// What a control for the field must offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A real number.
    Number,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
    /// A row of a table, with its parameters.
    Choice,
    /// A list.
    List,
    /// Text.
    String,
}

/// One field.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FieldSpec {
    /// `training.batch_size`; `network.hidden[].units` stands for every layer's.
    pub path: &'static str,
    /// What it is.
    pub kind: FieldKind,
    /// Smallest value (of a list: fewest items).
    pub min: f64,
    /// Largest value (of a list: most items).
    pub max: f64,
    /// Distance of two positions of a slider.
    pub step: f64,
    /// Whether a slider should be logarithmic.
    #[cfg_attr(test, ts(type = "\"linear\" | \"log\""))]
    pub scale: &'static str,
    /// The catalog's table of a choice.
    pub table: Option<&'static str>,
    /// What changing it does.
    pub effect: Effect,
}

const fn number(path: &'static str, min: f64, max: f64, step: f64, effect: Effect) -> FieldSpec {
    FieldSpec {
        path,
        kind: FieldKind::Number,
        min,
        max,
        step,
        scale: "linear",
        table: None,
        effect,
    }
}

const fn integer(
    path: &'static str,
    min: f64,
    max: f64,
    scale: &'static str,
    effect: Effect,
) -> FieldSpec {
    FieldSpec {
        path,
        kind: FieldKind::Integer,
        min,
        max,
        step: 1.0,
        scale,
        table: None,
        effect,
    }
}

const fn other(path: &'static str, kind: FieldKind, max: f64, effect: Effect) -> FieldSpec {
    FieldSpec {
        path,
        kind,
        min: 0.0,
        max,
        step: 1.0,
        scale: "linear",
        table: None,
        effect,
    }
}

const fn choice(path: &'static str, table: &'static str, effect: Effect) -> FieldSpec {
    FieldSpec {
        table: Some(table),
        ..other(path, FieldKind::Choice, 0.0, effect)
    }
}

const SEED_MAX: f64 = 4_294_967_295.0;

/// Every field. The longest path that begins a changed path tells the change's effect.
pub const FIELDS: &[FieldSpec] = &[
    other("mode", FieldKind::String, 0.0, Effect::Reset),
    integer("seeds.data", 0.0, SEED_MAX, "linear", Effect::Replan),
    integer("seeds.split", 0.0, SEED_MAX, "linear", Effect::Replan),
    integer("seeds.init", 0.0, SEED_MAX, "linear", Effect::Reset),
    integer("seeds.batches", 0.0, SEED_MAX, "linear", Effect::Reset),
    other(
        "seeds.tf_playground",
        FieldKind::String,
        64.0,
        Effect::Reset,
    ),
    choice("data.dataset", "datasets", Effect::Reset),
    integer("data.samples", 10.0, 8000.0, "log", Effect::Replan),
    number("data.noise", 0.0, 1.0, 0.05, Effect::Replan),
    number("data.label_noise", 0.0, 0.5, 0.05, Effect::Replan),
    number("data.balance", 0.05, 0.95, 0.05, Effect::Replan),
    integer("data.classes", 2.0, 8.0, "linear", Effect::Reset),
    integer("data.split.train", 5.0, 100.0, "linear", Effect::Replan),
    integer("data.split.validation", 0.0, 95.0, "linear", Effect::Replan),
    integer("data.split.test", 0.0, 95.0, "linear", Effect::Replan),
    FieldSpec {
        table: Some("features"),
        min: 1.0,
        ..other("data.features", FieldKind::List, 7.0, Effect::Reset)
    },
    choice("data.scaling", "scalings", Effect::Replan),
    other("network.hidden", FieldKind::List, 8.0, Effect::Replan),
    integer("network.hidden[].units", 1.0, 1024.0, "log", Effect::Replan),
    choice("network.hidden[].activation", "activations", Effect::Replan),
    number("network.hidden[].dropout", 0.0, 0.9, 0.05, Effect::Replan),
    other(
        "network.hidden[].frozen",
        FieldKind::Boolean,
        1.0,
        Effect::Replan,
    ),
    number(
        "network.hidden[].learning_rate_factor",
        0.0,
        10.0,
        0.1,
        Effect::Live,
    ),
    choice(
        "network.output.activation",
        "output_activations",
        Effect::Replan,
    ),
    other(
        "network.output.frozen",
        FieldKind::Boolean,
        1.0,
        Effect::Replan,
    ),
    number(
        "network.output.learning_rate_factor",
        0.0,
        10.0,
        0.1,
        Effect::Live,
    ),
    choice("network.weight_initializer", "initializers", Effect::Reset),
    choice("network.bias_initializer", "initializers", Effect::Reset),
    choice("training.loss", "losses", Effect::Replan),
    choice("training.optimizer", "optimizers", Effect::Replan),
    choice("training.schedule", "schedules", Effect::Live),
    integer("training.batch_size", 1.0, 5000.0, "log", Effect::Replan),
    other("training.shuffled", FieldKind::Boolean, 1.0, Effect::Replan),
    choice("training.penalty", "penalties", Effect::Live),
    number("training.max_norm", 0.0, 20.0, 0.1, Effect::Live),
    choice("training.clip", "clips", Effect::Live),
    other(
        "training.early_stopping",
        FieldKind::Choice,
        0.0,
        Effect::Live,
    ),
    FieldSpec {
        table: Some("metrics"),
        ..other(
            "training.early_stopping.metric",
            FieldKind::String,
            0.0,
            Effect::Live,
        )
    },
    integer(
        "training.early_stopping.patience",
        1.0,
        10_000.0,
        "log",
        Effect::Live,
    ),
    number(
        "training.early_stopping.min_delta",
        0.0,
        1.0,
        0.0001,
        Effect::Live,
    ),
    other(
        "training.early_stopping.restore_best",
        FieldKind::Boolean,
        1.0,
        Effect::Live,
    ),
    integer(
        "training.stop.epochs",
        0.0,
        1_000_000.0,
        "log",
        Effect::Live,
    ),
    other("training.stop.target", FieldKind::Choice, 0.0, Effect::Live),
    FieldSpec {
        table: Some("metrics"),
        ..other(
            "training.stop.target.metric",
            FieldKind::String,
            0.0,
            Effect::Live,
        )
    },
    number("training.stop.target.value", -1e6, 1e6, 0.01, Effect::Live),
    other(
        "training.stop.evaluate_test",
        FieldKind::Boolean,
        1.0,
        Effect::Live,
    ),
];

/// The field with this path.
pub(super) fn field(path: &str) -> Option<&'static FieldSpec> {
    FIELDS.iter().find(|field| field.path == path)
}

/// What turning config `old` into `new` does: the strongest effect of all fields that differ; `None` if none does.
pub fn effect_of(old: &serde_json::Value, new: &serde_json::Value) -> Option<Effect> {
    fn walk(
        path: &str,
        old: &serde_json::Value,
        new: &serde_json::Value,
        strongest: &mut Option<Effect>,
    ) {
        use serde_json::Value;
        if old == new {
            return;
        }
        match (old, new) {
            (Value::Object(a), Value::Object(b))
                if field(path).is_none_or(|field| field.kind != FieldKind::Choice) =>
            {
                for key in a.keys().chain(b.keys()) {
                    let inner = if path.is_empty() {
                        key.clone()
                    } else {
                        format!("{path}.{key}")
                    };
                    walk(
                        &inner,
                        a.get(key).unwrap_or(&Value::Null),
                        b.get(key).unwrap_or(&Value::Null),
                        strongest,
                    );
                }
            }
            (Value::Array(a), Value::Array(b))
                if a.len() == b.len() && path == "network.hidden" =>
            {
                for (a, b) in a.iter().zip(b) {
                    walk(&format!("{path}[]"), a, b, strongest);
                }
            }
            // Another learning rate is the optimizer's other parameter, not another optimizer: state is kept.
            (Value::Object(a), Value::Object(b))
                if path == "training.optimizer" && a.get("id") == b.get("id") =>
            {
                *strongest = (*strongest).max(Some(Effect::Live));
            }
            _ => {
                let effect = field(path).map_or(Effect::Reset, |field| field.effect);
                *strongest = (*strongest).max(Some(effect));
            }
        }
    }
    let mut strongest = None;
    walk("", old, new, &mut strongest);
    strongest
}
