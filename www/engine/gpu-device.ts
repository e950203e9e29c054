// One device for all engines of a thread, asked for once, trusted only after a trial.

import { withSubgroups } from "./gpu-browser";
import { isTrouble, messageOf } from "./gpu-module";
import type { Adapter, GpuAccess, GpuDevice, GpuModule, Trouble } from "./gpu-module";

export interface Shared {
  module: GpuModule;
  device: GpuDevice;
  adapter: Adapter;
  /** Bytes that its largest buffer was asked to take. */
  bytes: number;
  /** Largest relative difference from the CPU in the trial. */
  difference: number;
}

/** Two steps may differ by rounding alone; a device that is wrong is wrong by far more. */
const TRUSTED = 1e-4;

/** By the way it is reached: a page has one, tests have their own. */
const devices = new WeakMap<GpuAccess, Promise<Shared>>();
/** How often a device was made; a page with many figures has one. */
export const made = { count: 0 };

/** The thread's device; a new one where there is none, or where the one there was made for less. Throws a `Trouble`. */
export async function sharedDevice(access: GpuAccess, bytes: number): Promise<Shared> {
  const present = devices.get(access);
  if (present) {
    const shared = await present.catch(() => null);
    if (shared && shared.device.trouble() === null && shared.bytes >= bytes) return shared;
    if (devices.get(access) !== present) return sharedDevice(access, bytes);
  }
  const asked = request(access, Math.max(bytes, PORTABLE));
  devices.set(access, asked);
  asked.catch(() => {
    if (devices.get(access) === asked) devices.delete(access);
  });
  return asked;
}

/** Every device's largest buffer takes this much. */
const PORTABLE = 128 * 2 ** 20;

async function request(access: GpuAccess, bytes: number): Promise<Shared> {
  const adapter = await patiently(access.probe(), ADAPTER_TIMES).catch((error: unknown) => {
    // What says itself what it lacks says it; a question that was refused, or never answered, is another matter.
    if (isTrouble(error) && error.code !== STALLED) throw error;
    throw { code: "adapter_failed", message: messageOf(error) } satisfies Trouble;
  });
  let module: GpuModule;
  try {
    module = await access.load();
  } catch (error) {
    throw { code: "gpu_module_unavailable", message: messageOf(error) } satisfies Trouble;
  }
  const ask = () => patiently(module.GpuDevice.request(bytes));
  const device = adapter.subgroups ? await withSubgroups(ask) : await ask();
  made.count += 1;
  const difference = await patiently(device.trust(), 2);
  if (!(difference <= TRUSTED)) {
    device.destroy();
    throw { code: "probe_failed", message: `the device's figures differ by ${difference}`, needed: TRUSTED, available: difference } satisfies Trouble;
  }
  return { module, device, adapter, bytes, difference };
}

/** A device that does not answer for so long is given up; an adapter after half of it, since most that answer do so at once. */
const PATIENCE_MS = 10_000;
const ADAPTER_TIMES = 0.5;
const STALLED = "device_stalled";

/** Gives up what does not answer. */
export function patiently<T>(work: Promise<T>, times = 1): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject({ code: STALLED, message: `no answer for ${(times * PATIENCE_MS) / 1000} s` } satisfies Trouble),
      times * PATIENCE_MS,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
