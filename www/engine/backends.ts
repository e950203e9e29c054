// The engines that may train a session's run: the session's own, and a GPU that is fetched when one is first asked for.

import type { Gpu } from "./gpu";
import type { Given } from "./gpu-run";
import { messageOf } from "./gpu-module";
import type { GpuAccess } from "./gpu-module";
import type { Session } from "./session";
import { onCpu } from "./standing";
import type { Backend, Standing } from "./standing";

export class Backends {
  readonly #access: GpuAccess;
  readonly #session: Session;
  readonly #given: () => Given;
  /** Tells that the standing has changed. */
  readonly #changed: () => void;
  #gpu: Gpu | null = null;
  /** What holds while there is none. */
  #standing: Standing = onCpu("cpu", "cpu_asked_for");
  #choosing: Promise<void> | null = null;
  /** Counts choices, and the end. */
  #wish = 0;
  /** Resolves when what the GPU has trained ahead is taken over, or lost. */
  #settling: Promise<void> | null = null;
  #settled = (): void => {};

  constructor(access: GpuAccess, session: Session, given: () => Given, changed: () => void) {
    this.#access = access;
    this.#session = session;
    this.#given = given;
    this.#changed = changed;
  }

  get standing(): Standing {
    return this.#gpu?.standing ?? this.#standing;
  }

  /** Null as long as nobody has asked for one. */
  get gpu(): Gpu | null {
    return this.#gpu;
  }

  /** The GPU, if the next stretch is its. */
  get ready(): Gpu | null {
    return this.#gpu?.ready ? this.#gpu : null;
  }

  /** What knows the GPU is not fetched at all where the browser has none. Resolves when it is decided. */
  choose(choice: Backend): Promise<void> {
    return (this.#choosing = this.#choose(choice));
  }

  async #choose(choice: Backend): Promise<void> {
    const wish = ++this.#wish;
    if (!this.#gpu) {
      const missing = choice === "cpu" ? null : this.#access.missing();
      this.#standing = missing ? onCpu(choice, missing.code, { message: missing.message }) : onCpu(choice, "cpu_asked_for");
      if (missing || choice === "cpu") return this.#changed();
      try {
        const { Gpu } = await import("./gpu");
        if (wish !== this.#wish) return;
        this.#gpu = new Gpu(this.#access, this.#session, this.#given, this.#changed);
      } catch (error) {
        this.#standing = onCpu(choice, "gpu_module_unavailable", { message: messageOf(error) });
        return this.#changed();
      }
    }
    await this.#gpu.choose(choice);
  }

  /** Resolves when the engine that was chosen trains, or cannot. */
  async decided(): Promise<void> {
    await this.#choosing;
    await this.#gpu?.decided();
  }

  /** Who needs the run waits until what the GPU has trained ahead is taken over; all others too then: calls keep their order. */
  settle(needed: boolean): Promise<void> | null {
    if (needed && this.#gpu && this.#gpu.ahead > 0) {
      this.#gpu.demand();
      this.#settling ??= new Promise((done) => (this.#settled = done));
    }
    return this.#settling;
  }

  settled(): void {
    this.#settling = null;
    this.#settled();
  }

  close(): void {
    this.#wish += 1;
    this.#gpu?.close();
  }
}
