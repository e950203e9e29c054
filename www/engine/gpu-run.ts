// A session's run on the device: what it is made from, and how fast it is there and here.

import { dataOf } from "./data-kinds";
import { patiently } from "./gpu-device";
import type { Shared } from "./gpu-device";
import { NOW } from "./gpu-module";
import type { GpuLooker, GpuTrainer } from "./gpu-module";
import type { Session } from "./session";
import type { Event } from "./types";

/** What the host knows of the run: the newest accepted config, the caller's own data, and the way to the digits. */
export type Given = [configured: Extract<Event, { type: "configured" }> | null, custom: Parameters<GpuTrainer["set_data"]> | null, readDigits: () => Promise<Uint8Array>];

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

/** Each engine trains about this long when they are raced. */
const RACE_MS = 40;

/** A trainer of the session's run, where the session is. */
export async function build(shared: Shared, task: Task, session: Session): Promise<GpuTrainer> {
  const trainer = new shared.module.GpuTrainer(shared.device);
  const digits = await task.digits();
  if (digits) trainer.load_digits(digits);
  if (task.custom) trainer.set_data(...task.custom);
  trainer.configure(task.configure);
  // Shaders are compiled here, which may take longer than anything later.
  await patiently(trainer.prepare(session.hand_over()), 3);
  return trainer;
}

/** Steps a second of both, each warm. */
export async function race(trainer: GpuTrainer, session: Session): Promise<{ cpu: number; webgpu: number }> {
  const [at, step] = [session.hand_over(), session.step_count()];
  let webgpu = 0;
  // The first rounds find out how many steps a submission takes.
  for (let round = 0; round < 4; round += 1) {
    trainer.restore(at);
    const begin = performance.now();
    const taken = await patiently(trainer.train(1e9, RACE_MS, NOW));
    webgpu = (((taken?.step ?? 0) - step) / (performance.now() - begin)) * 1000;
  }
  // In pieces: messages are answered in between.
  let cpu = 0;
  for (let piece = 0; piece < 5; piece += 1) {
    cpu = Math.max(cpu, trainer.cpu_speed(at, RACE_MS / 5));
    await new Promise((done) => setTimeout(done));
  }
  return { cpu, webgpu };
}

/** The run as a trainer is given it. */
export function taskOf([configured, custom, readDigits]: Given): Task | null {
  if (!configured) return null;
  const { config, summary } = configured;
  const rows = summary.counts.train + summary.counts.validation + summary.counts.test;
  const { image, own } = dataOf(summary);
  return {
    configure: JSON.stringify({ type: "configure", config }),
    digits: () => (image ? readDigits() : null),
    custom: own ? custom : null,
    bytes: 4 * rows * summary.input_count,
    work: summary.multiply_adds * config.training.batch_size,
  };
}

/** What looks at the trainer's run; none where that does not fit the device: the session then does. */
export async function looks(trainer: GpuTrainer, { device }: Shared): Promise<GpuLooker | null> {
  try {
    return await patiently(trainer.looker(), 3);
  } catch (error) {
    if (device.trouble()) throw error;
    return null;
  }
}

/** What has a call still under way cannot be freed; it is then left to the collector. */
export function discard(used: GpuTrainer | GpuLooker): void {
  try {
    used.free();
  } catch {
    // Borrowed by the call that failed.
  }
}
