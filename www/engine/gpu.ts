// Which engine trains a session's run: measures, chooses, and hands stretches of training to the GPU.
//
// The session stays the owner of the run. The GPU trains ahead of it; what it has trained is read back and taken over when
// somebody wants to see it, before every command, and once a second. When the GPU fails, the session goes on from what it
// took over last.

import { patiently, sharedDevice } from "./gpu-device";
import type { Shared } from "./gpu-device";
import { LATER, NOW, WANTED, isTrouble, messageOf } from "./gpu-module";
import type { GpuAccess, GpuTrainer, Taken, Traffic, Trouble } from "./gpu-module";
import type { Session } from "./session";
import { STEP, onCpu } from "./standing";
import type { Backend, Standing } from "./standing";

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
/** A call of the trainer takes about this long. Messages are answered meanwhile, so it may be longer than a frame. */
export const STRETCH_MS = 24;

export class Gpu {
  readonly #access: GpuAccess;
  readonly #session: Session;
  /** Tells that the standing has changed. */
  readonly #changed: () => void;
  readonly #task: () => Task | null;
  #choice: Backend = "cpu";
  #standing: Standing;
  #shared: Shared | null = null;
  #trainer: GpuTrainer | null = null;
  /** The trainer's run is another than the session's: its config, or only where it is. */
  #stale: "config" | "progress" | null = "config";
  #preparing: Promise<void> | null = null;
  /** A call of the trainer is under way. */
  #training = false;
  /** What has been trained is to be taken over soon, or at once. */
  #taking: typeof LATER | typeof WANTED | typeof NOW = LATER;
  /** Counts what makes a trainer under way worthless: another config, another choice. */
  #wish = 0;
  #raced = 0;

  constructor(access: GpuAccess, session: Session, task: () => Task | null, changed: () => void) {
    this.#access = access;
    this.#session = session;
    this.#task = task;
    this.#changed = changed;
    this.#standing = this.#onCpu("cpu_asked_for");
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Whether the next stretch is the GPU's. */
  get ready(): boolean {
    return this.#standing.backend === "webgpu" && this.#trainer !== null && this.#stale !== "config";
  }

  /** Steps that the device has done, or is doing, and the session has not taken over. */
  get ahead(): number {
    if (!this.#trainer || !this.ready || this.#stale !== null) return 0;
    return this.#training ? 1 : this.#trainer.step_count() - this.#session.step_count();
  }

  /** Somebody looks: what has been trained is taken over as soon as that costs little. */
  want(): void {
    if (this.#taking === LATER) this.#taking = WANTED;
  }

  /** What has been trained is taken over next. */
  demand(): void {
    this.#taking = NOW;
  }

  traffic(): Traffic | null {
    return this.#shared?.device.traffic() ?? null;
  }

  /** Chooses, now; resolves when it is decided. Also the way back to a GPU that was lost. */
  async choose(choice: Backend): Promise<void> {
    this.#choice = choice;
    this.#wish += 1;
    this.#raced = 0;
    // The processor trains until it is decided.
    this.#stale = "config";
    if (choice === "cpu") return this.#stand(this.#onCpu("cpu_asked_for"));
    // A setting that changes meanwhile asks again by itself, some time; who waits here is told what came of it.
    let wish: number;
    do {
      wish = this.#wish;
      await this.#prepare();
    } while (wish !== this.#wish && this.#choice === choice);
  }

  /** The session was given a command. Its run goes on from elsewhere; with another config, as another run. */
  touched(reconfigured: boolean): void {
    if (!reconfigured) {
      this.#stale ??= "progress";
      return;
    }
    this.#wish += 1;
    this.#stale = "config";
    if (this.#choice !== "cpu" && (this.#trainer || this.#raced > 0)) this.#reconsider();
  }

  /** In the browser's good time: many settings may change in a row. */
  #reconsider(): void {
    const wish = this.#wish;
    setTimeout(() => {
      if (wish !== this.#wish || this.#choice === "cpu") return;
      const work = this.#task()?.work ?? 0;
      const other = this.#raced === 0 || work > 2 * this.#raced || 2 * work < this.#raced;
      // The race was lost at this size, and nothing much has changed.
      if (this.#choice === "auto" && this.#standing.backend === "cpu" && !other) return;
      void this.#prepare();
    }, 100);
  }

  /**
   * Trains on, by at most `permitted` steps from where the session is. Null: the session must train itself for now.
   * `taken` is what is to be taken over; none while the device stays ahead. It is not `fresh`, and worthless, when the
   * session was touched meanwhile.
   */
  async train(permitted: number): Promise<{ taken: Taken | undefined; fresh: boolean } | null> {
    const trainer = this.#trainer;
    if (!trainer || !this.ready) return null;
    try {
      if (this.#stale === "progress") {
        const { words, counters } = this.#session.progress();
        trainer.restore(words, counters);
        this.#stale = null;
      }
      const taking = this.#taking;
      const most = taking === NOW ? 0 : permitted - (trainer.step_count() - this.#session.step_count());
      this.#training = true;
      const taken = await patiently(trainer.train(Math.max(0, most), STRETCH_MS, taking));
      if (taken) this.#taking = LATER;
      return { taken, fresh: this.#stale === null && trainer === this.#trainer };
    } catch (error) {
      if (trainer === this.#trainer) this.#fail(error, trainer);
      return null;
    } finally {
      this.#training = false;
    }
  }

  /** The session has taken a stretch over; its rules may have changed the schedule's state. */
  followed(counters: Float64Array): void {
    if (this.#stale === null) this.#trainer?.follow(counters);
  }

  /** The session did not take a stretch over. */
  behind(): void {
    this.#stale ??= "progress";
  }

  /** Looks whether the device was lost while nothing trained. */
  look(): void {
    const trouble = this.#standing.backend === "webgpu" ? (this.#shared?.device.trouble() ?? null) : null;
    if (trouble) this.#fail(trouble, this.#trainer);
  }

  loseDevice(): void {
    this.#shared?.device.destroy();
  }

  close(): void {
    this.#wish += 1;
    this.#choice = "cpu";
    this.#release();
  }

  /** One at a time; what was asked for meanwhile is seen to afterwards. */
  async #prepare(): Promise<void> {
    while (this.#preparing) await this.#preparing;
    const preparing = this.#decide().finally(() => {
      this.#preparing = null;
    });
    this.#preparing = preparing;
    await preparing;
  }

  async #decide(): Promise<void> {
    const wish = this.#wish;
    const choice = this.#choice;
    const task = this.#task();
    if (choice === "cpu" || !task) return;
    let trainer: GpuTrainer | null = null;
    try {
      const shared = await patiently(sharedDevice(this.#access, task.bytes), 3);
      trainer = await this.#build(shared, task);
      const race = choice === "auto" ? await this.#race(trainer) : null;
      const { words, counters } = this.#session.progress();
      const difference = await patiently(trainer.compare(words, counters));
      // A setting has changed meanwhile; whoever changed it asks again.
      if (wish !== this.#wish) return trainer.free();
      this.#shared = shared;
      const known = {
        choice, race, adapter: shared.adapter.name, software: shared.adapter.software, difference,
        interpreter: trainer.interpreter() ?? null,
      };
      this.#raced = task.work;
      if (race && race.cpu >= race.webgpu) {
        trainer.free();
        return this.#stand({ ...known, backend: "cpu", why: "race_cpu", values: { ...race } });
      }
      this.#release();
      this.#trainer = trainer;
      this.#stale = "progress";
      const why = race ? "race_webgpu" : "webgpu_asked_for";
      this.#stand({ ...known, backend: "webgpu", why, values: race ? { ...race } : {} });
    } catch (error) {
      if (wish === this.#wish) this.#fail(error, trainer);
      else if (trainer) discard(trainer);
    }
  }

  async #build(shared: Shared, task: Task): Promise<GpuTrainer> {
    const trainer = new shared.module.GpuTrainer(shared.device);
    const digits = await task.digits();
    if (digits) trainer.load_digits(digits);
    if (task.custom) trainer.set_data(...task.custom);
    trainer.configure(task.configure);
    const { words, counters } = this.#session.progress();
    // Shaders are compiled here, which may take longer than anything later.
    await patiently(trainer.prepare(words, counters), 3);
    return trainer;
  }

  /** Steps a second of both, each warm. */
  async #race(trainer: GpuTrainer): Promise<{ cpu: number; webgpu: number }> {
    const { words, counters } = this.#session.progress();
    let webgpu = 0;
    // The first rounds find out how many steps a submission takes.
    for (let round = 0; round < 4; round += 1) {
      trainer.restore(words, counters);
      const begin = performance.now();
      const taken = await patiently(trainer.train(1e9, RACE_MS, NOW));
      webgpu = (((taken?.counters[STEP] ?? 0) - counters[STEP]!) / (performance.now() - begin)) * 1000;
    }
    // In pieces: messages are answered in between.
    let cpu = 0;
    for (let piece = 0; piece < 5; piece += 1) {
      cpu = Math.max(cpu, trainer.cpu_speed(words, counters, RACE_MS / 5));
      await new Promise((done) => setTimeout(done));
    }
    return { cpu, webgpu };
  }

  #fail(error: unknown, trainer: GpuTrainer | null): void {
    const trouble: Trouble = isTrouble(error) ? error : { code: "gpu_failed", message: messageOf(error) };
    if (trainer && trainer !== this.#trainer) discard(trainer);
    this.#release();
    const { limit, needed, available } = trouble;
    const values = { message: trouble.message, ...(limit === undefined ? {} : { limit }), ...(needed === undefined ? {} : { needed, available: available ?? 0 }) };
    const adapter = this.#shared?.adapter ?? null;
    this.#stand({ ...this.#onCpu(trouble.code, values), adapter: adapter?.name ?? null, software: adapter?.software ?? false });
  }

  #release(): void {
    if (this.#trainer) discard(this.#trainer);
    this.#trainer = null;
    this.#stale = "config";
  }

  #onCpu(why: string, values: Standing["values"] = {}): Standing {
    return onCpu(this.#choice, why, values);
  }

  #stand(standing: Standing): void {
    if (standing.backend === "cpu" && this.#trainer) this.#release();
    this.#standing = standing;
    this.#changed();
  }
}

/** A trainer whose call is still under way cannot be freed; it is then left to the collector. */
function discard(trainer: GpuTrainer): void {
  try {
    trainer.free();
  } catch {
    // Borrowed by the call that failed.
  }
}
