// A GPU without one: its trainer counts steps, and fails when it is told to.

import { readSnapshot, snapshotOf } from "./fake-session";
import { LATER } from "../../../www/engine/gpu-module";
import type { GpuAccess, GpuLooker, GpuModule, GpuTrainer, Taken, Trouble } from "../../../www/engine/gpu-module";
import type { FrameWants } from "../../../www/engine/types";

export class FakeGpu {
  /** Steps of one call of the trainer. */
  slice = 10;
  /** What the next call of the trainer throws. */
  trouble: Trouble | null = null;
  /** What the device is refused with, a trainer cannot be made for, or nothing can look at its run for. */
  refusal: Trouble | null = null;
  unfit: Trouble | null = null;
  /** How the browser answers who asks for an adapter, where it gives none. */
  asked: (() => Promise<never>) | null = null;
  unseen: Trouble | null = null;
  /** How far its figures lie from the processor's. */
  difference = 0;
  /** The trainer does not answer any more. */
  stalls = false;
  /** Steps a second of the processor, in a race. */
  cpuSpeed = 1;
  /** From this step on values are no numbers. */
  divergesAt = Infinity;
  /** Steps whose values were read back, in order; and those that training was put back to. */
  readonly taken: number[] = [];
  readonly restored: number[] = [];
  /** Factors of reduce-on-plateau that the session has come to. */
  readonly followed: number[] = [];
  calls = 0;
  lost = false;
  /** Steps that were looked at, in order. */
  readonly looked: number[] = [];
  /** What is awaited before a look is answered. */
  onLook: () => Promise<void> | void = () => {};

  get access(): GpuAccess {
    const gpu = this;
    const module: GpuModule = {
      GpuDevice: {
        request: async () => {
          if (gpu.refusal) throw gpu.refusal;
          gpu.lost = false;
          return {
            trust: async () => gpu.difference,
            has_subgroups: () => {},
            trouble: () => (gpu.lost ? { code: "device_lost", message: "lost" } : null),
            destroy: () => void (gpu.lost = true),
            traffic: () => ({ dispatches: 0, submits: 0, uploaded: 0, read_back: 0 }),
          };
        },
      },
      GpuTrainer: class {
        constructor() {
          return gpu.#trainer() as never;
        }
      } as never,
    };
    return { missing: () => null, probe: async () => (gpu.asked ? gpu.asked() : { name: "fake", software: true, subgroups: false }), load: async () => module };
  }

  #trainer(): GpuTrainer {
    let steps = 0;
    const put = (at: Uint8Array) => {
      steps = readSnapshot(at).step;
      this.restored.push(steps);
    };
    return {
      load_digits() {},
      set_data() {},
      configure() {},
      prepare: async (at) => {
        if (this.unfit) throw this.unfit;
        put(at);
      },
      interpreter: () => "layered",
      restore: put,
      follow: (factor) => void this.followed.push(factor),
      step_count: () => steps,
      compare: async () => 0,
      cpu_speed: () => this.cpuSpeed,
      looker: async () => {
        if (this.unseen) throw this.unseen;
        return this.#looker(() => steps);
      },
      free() {},
      train: async (most, _, taking): Promise<Taken | undefined> => {
        this.calls += 1;
        if (this.stalls) return new Promise(() => {});
        await new Promise((done) => setTimeout(done));
        if (this.trouble ?? this.lost) throw this.trouble ?? { code: "device_lost", message: "lost" };
        const count = Math.min(most, this.slice);
        steps += count;
        if (taking === LATER && count < most) return undefined;
        this.taken.push(steps);
        const finite = steps < this.divergesAt;
        return { bytes: snapshotOf(steps, finite ? steps : NaN), step: steps, finite };
      },
    };
  }

  /** Sees, in maps and figures, the step at which the parameters were taken. */
  #looker(at: () => number): GpuLooker {
    let taken = NaN;
    return {
      take: () => void (taken = at()),
      look: async (wants) => {
        const step = taken;
        const { maps } = JSON.parse(wants) as FrameWants;
        await this.onLook();
        await new Promise((done) => setTimeout(done));
        if (this.lost) throw { code: "device_lost", message: "lost" };
        this.looked.push(step);
        const layers = [Float32Array.of(step)];
        return { figures: Float64Array.of(step), maps: maps ? { resolution: 1, layers } : null, output: null, activations: null, digits: null };
      },
      free() {},
    };
  }
}
