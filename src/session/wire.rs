//! The wire's TypeScript types, generated. `UPDATE=1 cargo test wire` writes the file; the test checks it.

use ts_rs::{Config as Spelling, TS};

use super::catalog::{ActivationRow, Catalog, EntryRow, FeatureRow, Limits, MetricRow, ParamSpec};
use super::command::{Command, DigitWants, FrameWants, MapWants, OutputWants, SeedName};
use super::event::{
    ConfusionMatrices, Counts, EngineInfo, Event, FinishReason, FrameHead, LayerKind, LayerSummary,
    Metrics, ModelSummary, Remedy, SplitMetrics, WrongDigitHead,
};
use crate::config::{
    Adaptation, Config, DataConfig, EarlyStoppingConfig, Effect, Encoding, FieldKind, FieldSpec,
    LayerConfig, Mode, NetworkConfig, OutputConfig, Seeds, SplitConfig, StopConfig, TargetConfig,
    TrainingConfig,
};
use crate::data::{ClassRange, DatasetEntry, Kind, Task};
use crate::error::Refusal;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/www/engine/types.ts");

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
export interface Maps { resolution: number; layers: Float32Array[] }
/** `(units, cells)`; one output of a two-class network is signed, -1..1, with the boundary at 0. */
export interface LargeMap { resolution: number; data: Float32Array; units: number }
/** `(rows, columns)` row-major; NaN = not measured. */
export interface History { columns: string[]; rows: number; data: Float32Array }
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
        ConfusionMatrices,
        Metrics,
        FrameHead,
        WrongDigitHead,
        EngineInfo,
    );
    text.push_str(TAIL);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(PATH, &text).unwrap();
    }
    let present = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(
        present == text,
        "www/engine/types.ts is stale: run `UPDATE=1 cargo test wire`"
    );
}

#[test]
fn the_defaults_fit() {
    let session = super::Session::new().unwrap();
    assert_eq!(
        session.config().training.optimizer.params["learning_rate"],
        0.01
    );
}
