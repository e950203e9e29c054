// The engine's public face.

import { assets } from "./assets";
import { defaultUrls } from "./engine";

Object.assign(defaultUrls, assets);

export { Engine } from "./engine";
export type {
  Backend,
  CallOptions,
  ConfigInput,
  CustomData,
  EngineChanged,
  EngineEvent,
  EngineFile,
  EngineInfo,
  EngineOptions,
  Pace,
  Rejected,
  Restarted,
  TrainOptions,
} from "./engine";
export { EngineError } from "./errors";
export type { EngineRefusal, ErrorCode } from "./errors";
export type { EngineReason } from "./standing";
export { study } from "./study";
export type { StudyOptions, StudyRun } from "./study";
export type { Thread } from "./link";
export type { Reference, References } from "./references";
export type { Rows } from "./rows";
export type { Curve, Maps } from "./session";
export type {
  ActivationEntry,
  Catalog,
  Choice,
  Command,
  Config,
  DataConfig,
  DatasetEntry,
  Entry,
  Event,
  FeatureEntry,
  FieldSpec,
  Frame,
  FrameWants,
  LayerConfig,
  LayerSummary,
  Metrics,
  MetricEntry,
  ModelSummary,
  NamedTensor,
  NetworkConfig,
  ParamSpec,
  Points,
  Refusal,
  Remedy,
  Seeds,
  SplitMetrics,
  TrainingConfig,
  WrongDigit,
} from "./types";
