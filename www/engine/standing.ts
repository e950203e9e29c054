// What is known of the engine at work, what another engine is given, and which calls it may miss.

import type { GpuAccess, GpuTrainer } from "./gpu-module";
import type { Method } from "./protocol";
import type { Command, Event } from "./types";

export type Backend = "auto" | "cpu" | "webgpu";

/** What is known of the engine at work. */
export interface Standing {
  backend: "cpu" | "webgpu";
  /** What the visitor asked for. */
  choice: Backend;
  adapter: string | null;
  /** The adapter is a program on the processor. */
  software: boolean;
  /** Why this engine: a key of the dictionaries. */
  why: string;
  /** Facts of the sentence. */
  values: Record<string, string | number>;
  /** `resident`: the whole run in one workgroup; `layered`: a dispatch for each operation. */
  interpreter: string | null;
  /** Steps a second of both engines at this size, where they were raced. */
  race: { cpu: number; webgpu: number } | null;
  /** Largest difference of both engines on one step, relative to the largest value; from when the GPU took over. */
  difference: number | null;
}

/** What a trainer is made from. */
export interface Task {
  /** The accepted config as a command. */
  configure: string;
  digits: () => Promise<Uint8Array> | null;
  custom: Parameters<GpuTrainer["set_data"]> | null;
  /** Bytes of the data set's inputs. */
  bytes: number;
  /** Multiply-adds of a step: engines are raced again when it has changed by a factor of two. */
  work: number;
}

/** Commands that change when is trained, and nothing else. */
export const PACE = new Set<Command["type"]>(["play", "pause", "train"]);
/** What is answered from what does not change while training. */
export const AT_ANY_TIME = new Set<Method>(["info", "traffic", "catalog", "points", "thumbnail", "feature_map", "curve"]);

/** What the newest accepted config is, as far as another engine must know it. */
export type Configured = Extract<Event, { type: "configured" }>;

/** The run in hand as another engine would be given it. */
export function taskOf({ config, summary }: Configured, readDigits: () => Promise<Uint8Array>, custom: Task["custom"]): Task {
  const rows = summary.counts.train + summary.counts.validation + summary.counts.test;
  return {
    configure: JSON.stringify({ type: "configure", config }),
    digits: () => (summary.kind === "digits" ? readDigits() : null),
    custom: summary.kind === "custom" ? custom : null,
    bytes: 4 * rows * summary.input_count,
    work: summary.multiply_adds * config.training.batch_size,
  };
}

export interface HostOptions {
  /** The inflated digits file; called when the digits are first chosen. */
  readDigits(): Promise<Uint8Array>;
  /** The way to the GPU. */
  gpu: GpuAccess;
}

/** The client is sent the weights at most this often, so that it can go on after a crash. */
const SNAPSHOT_MS = 1000;
/** ... and taking them may cost at most this share of the time. */
const SNAPSHOT_SHARE = 0.02;

/** Whether weights are due to be sent: the last ones were sent then, and took so long. */
export const snapshotDue = (last: number, took: number): boolean =>
  performance.now() - last > Math.max(SNAPSHOT_MS, took / SNAPSHOT_SHARE);
