//! The wire's TypeScript types, and what the tables' rows are called elsewhere: generated. `UPDATE=1 cargo test wire`
//! writes the files; the tests check them.

use std::fmt::Write;

use ts_rs::{Config as Spelling, TS};

use super::catalog::{ActivationRow, Catalog, EntryRow, FeatureRow, Limits, MetricRow, ParamSpec};
use super::command::{Command, DigitWants, FrameWants, MapWants, OutputWants, SeedName};
use super::event::{
    ConfusionMatrices, Counts, EngineInfo, Event, FinishReason, FrameHead, LayerKind, LayerSummary,
    Metrics, ModelSummary, Remedy, SplitMetrics, Undefined, WrongDigitHead,
};
use crate::config::{
    Adaptation, Config, DataConfig, EarlyStoppingConfig, Effect, Encoding, FieldKind, FieldSpec,
    LayerConfig, Mode, NetworkConfig, OutputConfig, Seeds, SplitConfig, StopConfig, TargetConfig,
    TrainingConfig,
};
use crate::data::{ClassRange, DatasetEntry, FEATURES, FeatureEntry, Kind, Task};
use crate::error::Refusal;
use crate::formula::Entry;
use crate::formula::activation::{Activation, SOFTMAX};
use crate::formula::initializer::Initializer;
use crate::formula::loss::Loss;
use crate::formula::optimizer::Optimizer;
use crate::formula::penalty::{Clip, Penalty};
use crate::formula::schedule::Schedule;

const HEAD: &str = "// Generated from the engine's types by `UPDATE=1 cargo test wire`. Do not edit.

/** A row of a table chosen by id, with that row's parameters by name: `{ id: \"leaky_relu\", slope: 0.01 }`.
 *  On input a bare id, `\"tanh\"`, is accepted; on output every parameter is present. */
export interface Choice { id: string; [param: string]: number | string }

";

// Typed arrays do not come from serde: `src/web.rs` makes these.
const TAIL: &str = "
/** Points as the page draws them; digits and custom data have none. */
export interface Points { kind: Kind; x: Float32Array; y: Float32Array;
  /** Class index or value; NaN for sealed test points. */
  label: Float32Array;
  /** 0 training, 1 validation, 2 test. */
  split: Uint8Array }
/** `layers[0]` the input features, then hidden layers, then the output: `(units, cells)` each, rows from the top. */
export interface Maps { resolution: number; layers: Float32Array[]; /** Which units these are, where not all were wanted. */ units?: number[][] }
/** `(units, cells)`; one output of a two-class network is signed, -1..1, with the boundary at 0. */
export interface LargeMap { resolution: number; data: Float32Array; units: number }
/** `(rows, columns)` row-major; NaN = not measured. `train_samples`: so many of the training part its columns are measured on. */
export interface History { columns: string[]; rows: number; train_samples: number; data: Float32Array }
/** `weight` is `(outputs, inputs)` row-major. */
export interface LayerWeights { weight: Float32Array; bias: Float32Array; outputs: number; inputs: number }
export interface WrongDigit extends WrongDigitHead { pixels: Uint8Array }
export interface WrongDigits { wrong: WrongDigit[]; wrong_count: number; of: number; split: \"validation\" | \"test\" }
export interface Frame extends FrameHead {
  history: History | null; maps: Maps | null; output: LargeMap | null;
  weights: LayerWeights[] | null;
  /** Derivatives of the mean loss over the training part. */
  gradients: LayerWeights[] | null;
  /** `(units, points)`. */
  activations: Float32Array | null;
  digits: WrongDigits | null }
export interface NamedTensor { name: string; shape: number[]; data: Float32Array }
export interface Curve { z: Float32Array; value: Float32Array; slope: Float32Array }
";

#[test]
fn the_types_of_the_front_end_are_those_of_the_engine() {
    let spelling = Spelling::default().with_large_int("number");
    let mut text = HEAD.to_owned();
    macro_rules! declare {
        ($($type:ty),+ $(,)?) => {
            $(
                text.push_str(&<$type>::docs().unwrap_or_default());
                text.push_str("export ");
                text.push_str(&<$type>::decl(&spelling));
                text.push('\n');
            )+
        };
    }
    declare!(
        Mode,
        Seeds,
        SplitConfig,
        DataConfig,
        LayerConfig,
        OutputConfig,
        NetworkConfig,
        EarlyStoppingConfig,
        TargetConfig,
        StopConfig,
        TrainingConfig,
        Config,
        Effect,
        FieldKind,
        FieldSpec,
        Task,
        Kind,
        ClassRange,
        DatasetEntry,
        ParamSpec,
        EntryRow,
        ActivationRow,
        MetricRow,
        FeatureRow,
        Limits,
        Catalog,
        SeedName,
        Command,
        MapWants,
        OutputWants,
        DigitWants,
        FrameWants,
        Encoding,
        LayerKind,
        LayerSummary,
        Counts,
        ModelSummary,
        Adaptation,
        Refusal,
        Remedy,
        FinishReason,
        Event,
        SplitMetrics,
        Undefined,
        ConfusionMatrices,
        Metrics,
        FrameHead,
        WrongDigitHead,
        EngineInfo,
    );
    text.push_str(TAIL);
    generated("types.ts", &text);
}

fn generated(name: &str, text: &str) {
    let path = format!("{}/www/engine/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let present = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        present == text,
        "www/engine/{name} is stale: run `UPDATE=1 cargo test wire`"
    );
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

const REFERENCES: &str = "// Generated from the engine's tables by `UPDATE=1 cargo test wire`. Do not edit.

/** What a row of a table is called elsewhere, and where it is from. */
export interface Reference { pytorch: string | null; keras: string | null; onnx: string | null; latex: string; reference: string }

/** By the catalog's table, then by the row's id. */
";

#[test]
fn the_references_of_the_front_end_are_those_of_the_tables() {
    let activations = [Activation::ENTRIES, &[SOFTMAX]].concat();
    let tables: [(&str, &[Entry]); 7] = [
        ("activations", &activations),
        ("losses", Loss::ENTRIES),
        ("optimizers", Optimizer::ENTRIES),
        ("schedules", Schedule::ENTRIES),
        ("penalties", Penalty::ENTRIES),
        ("clips", Clip::ENTRIES),
        ("initializers", Initializer::ENTRIES),
    ];
    let mut text = REFERENCES.to_owned();
    let names = tables.map(|(table, _)| format!("\"{table}\"")).join(" | ");
    writeln!(
        text,
        "export type References = Record<{names}, Record<string, Reference>>;\n"
    )
    .unwrap();
    text.push_str("export const references: References = {\n");
    for (table, rows) in tables {
        writeln!(text, "  {table}: {{").unwrap();
        for row in rows {
            let other = |name: Option<&str>| name.map_or("null".to_owned(), quoted);
            writeln!(
                text,
                "    {}: {{ pytorch: {}, keras: {}, onnx: {}, latex: {}, reference: {} }},",
                row.id,
                other(row.pytorch),
                other(row.keras),
                other(row.onnx),
                quoted(row.latex),
                quoted(row.reference),
            )
            .unwrap();
        }
        text.push_str("  },\n");
    }
    text.push_str("};\n");
    text.push_str("\n/** Input features in NumPy, by what a row is and by their id. */\nexport const numpy: Record<string, Record<string, string>> = {\n");
    for kind in Kind::ALL.iter().filter(|kind| kind.has_map()) {
        let name = crate::config::value_of(kind);
        let name = name.as_str().unwrap();
        let of = |feature: &&FeatureEntry| feature.kind == *kind;
        let columns: Vec<String> = FEATURES
            .iter()
            .filter(of)
            .map(|feature| format!("{}: {}", feature.id, quoted(feature.numpy)))
            .collect();
        writeln!(text, "  {name}: {{ {} }},", columns.join(", ")).unwrap();
    }
    text.push_str("};\n");
    generated("references.ts", &text);
}

#[test]
fn the_defaults_fit() {
    let session = super::Session::new().unwrap();
    assert_eq!(
        session.config().training.optimizer.params["learning_rate"],
        0.01
    );
}

#[test]
fn what_is_told_is_what_serde_json_makes_of_it() {
    use crate::config::value_of;
    let told = |value: &serde_json::Value,
                expected: Result<serde_json::Value, serde_json::Error>| {
        assert_eq!(*value, expected.unwrap());
        assert!(!value.is_null());
    };
    let catalog = Catalog::new();
    told(&value_of(&catalog), serde_json::to_value(&catalog));
    let mut session = super::Session::new().unwrap();
    let clock = std::cell::Cell::new(0.0);
    let now = || clock.replace(clock.get() + 0.1);
    let mut events = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for command in [
        r#"{"type":"choose_dataset","dataset":"digits"}"#,
        r#"{"type":"patch","patch":{"training":{"batch_size":0}}}"#,
        r#"{"type":"patch","patch":{"training":{"early_stopping":{"metric":"loss"},"stop":{"epochs":1}}}}"#,
        r#"{"type":"play"}"#,
        r#"{"type":"pause"}"#,
        r#"{"type":"epoch","count":1}"#,
        r#"{"type":"train","steps":1}"#,
    ] {
        events.extend(session.handle(command, &now));
        events.extend(session.advance(1.0, &now));
    }
    let metrics = session.metrics(&now);
    told(&value_of(&metrics), serde_json::to_value(&metrics));
    events.push(Event::Finished {
        run: 1,
        step: 7,
        epoch: f64::INFINITY,
        reason: FinishReason::Diverged,
        detail: [("step", 7.0), ("best", f64::NAN)].into_iter().collect(),
        remedies: vec![Remedy {
            id: "lower_learning_rate".into(),
            patch: serde_json::json!({"training": [1, 0.5, null, "text", true]}),
        }],
    });
    for event in &events {
        let value = value_of(event);
        seen.insert(value["type"].as_str().unwrap().to_owned());
        told(&value, serde_json::to_value(event));
    }
    for kind in [
        "configured",
        "rejected",
        "needs_digits",
        "playing",
        "paused",
        "trained",
        "finished",
    ] {
        assert!(seen.contains(kind), "no {kind} among {seen:?}");
    }
}
