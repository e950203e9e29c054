// The host: owns one session, answers calls from a port, and trains in slices between them.
// Runs in the worker, or on the page's own thread where no worker can be had. No wasm is named here.

import { EngineError, engineError, isRefusal } from "./errors";
import { transferables } from "./protocol";
import type { Goal, Message, Method, Request } from "./protocol";
import type { Session, SessionEvent } from "./session";
import { Turns } from "./turns";
import type { Next } from "./turns";
import type { Command, FrameWants, NamedTensor } from "./types";

/** Longest stretch of training between two looks at the port: half a frame at 60 Hz. */
const SLICE_MS = 8;
/** Pause when the pace asks for fewer steps than the machine could make. */
const IDLE_MS = 4;
/** The client is sent the weights at most this often, so that it can go on after a crash. */
const SNAPSHOT_MS = 1000;
/** ... and taking them may cost at most this share of the time. */
const SNAPSHOT_SHARE = 0.02;

interface Training {
  id: number;
  goal: { untilStep: number } | { untilEpoch: number };
  run: number;
  /** Steps in the next slice; grows and shrinks with their measured time. */
  chunk: number;
  measure: boolean;
}

/** Commands that say whether to train; they end a `train`. */
const DRIVES: ReadonlySet<Command["type"]> = new Set(["play", "pause", "step", "epoch", "reset"]);

export interface HostOptions {
  /** The inflated digits file; called when the digits are first chosen. */
  readDigits(): Promise<Uint8Array>;
}

export class Host {
  readonly #session: Session;
  readonly #port: MessagePort;
  readonly #options: HostOptions;
  #playing = false;
  #training: Training | null = null;
  #stepsPerEpoch = 1;
  /** Counts new runs and fetches; a command waiting for the digits is dropped when another came first. */
  #choice = 0;
  #lastSnapshot = 0;
  #snapshotMs = 0;
  readonly #turns = new Turns(() => this.#slice());
  #dead = false;

  constructor(session: Session, port: MessagePort, options: HostOptions) {
    this.#session = session;
    this.#port = port;
    this.#options = options;
    port.onmessage = (message: MessageEvent<Request | "close">) => {
      if (message.data === "close") this.close();
      else void this.#answer(message.data);
    };
  }

  close(): void {
    this.#dead = true;
    this.#turns.stop();
    this.#port.close();
  }

  async #answer({ id, method, args }: Request): Promise<void> {
    if (this.#dead) return;
    try {
      if (method === "train") {
        this.#startTraining(id, args[0] as Goal, args[1] as boolean);
        return; // answered when it ends
      }
      const pending = this.#call(method, args);
      this.#reply(id, pending instanceof Promise ? await pending : pending);
    } catch (thrown) {
      this.#fail(id, thrown);
    }
  }

  #reply(id: number, result: unknown): void {
    if (!this.#dead) this.#send({ id, result });
  }

  #fail(id: number | null, thrown: unknown): void {
    if (this.#dead) return;
    if (id !== null && thrown instanceof EngineError) this.#send({ id, refusal: thrown.refusal });
    else if (id !== null && isRefusal(thrown)) this.#send({ id, refusal: { ...thrown, message: thrown.message } as never });
    else {
      // A trap. The wasm instance may be in any state, so nothing more is asked of it.
      this.#dead = true;
      this.#turns.stop();
      const crash = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
      this.#send(id === null ? { crash } : { id, crash });
    }
  }

  #send(message: Message): void {
    this.#port.postMessage(message, transferables(message));
  }

  #call(method: Method, args: unknown[]): unknown {
    const session = this.#session;
    switch (method) {
      case "command":
        return this.#command(args[0] as Command);
      case "set_data": {
        const [inputs, columns, targets, split, task] = args as Parameters<Session["set_data"]>;
        return this.#seen(session.set_data(inputs, columns, targets, split, task));
      }
      case "set_weights":
        return this.#seen(session.set_weights(args[0] as NamedTensor[]));
      case "stop_training":
        this.#endTraining();
        return null;
      case "frame":
        return session.frame(JSON.stringify(args[0] as FrameWants));
      case "predict":
        return session.predict(args[0] as Float32Array);
      case "maps":
        return session.maps(args[0] as number);
      case "thumbnail":
        return session.thumbnail(args[0] as string);
      case "curve":
        return session.curve(JSON.stringify(args[0]));
      case "crash_for_test":
        throw new WebAssembly.RuntimeError("unreachable (asked for by a test)");
      case "info":
      case "catalog":
      case "points":
      case "metrics":
      case "weights":
        return session[method]();
      case "train":
        throw engineError("not_now", method, "train is started elsewhere");
    }
  }

  #command(command: Command): SessionEvent[] | Promise<SessionEvent[]> {
    if (DRIVES.has(command.type)) this.#endTraining();
    const text = JSON.stringify(command);
    const events = this.#session.handle(text);
    if (events.some((event) => event.type === "needs_digits")) return this.#withDigits(text);
    return this.#seen(events);
  }

  /** Fetches the digits, hands them over and repeats the command. */
  async #withDigits(text: string): Promise<SessionEvent[]> {
    const choice = ++this.#choice;
    let bytes: Uint8Array;
    try {
      bytes = await this.#options.readDigits();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw engineError("digits_unavailable", "data.dataset", `the digits could not be fetched: ${message}`, { message });
    }
    if (choice !== this.#choice) throw engineError("superseded", "data.dataset", "another command came first");
    const loaded = this.#session.load_digits(bytes);
    if (loaded.some((event) => event.type === "rejected" || event.type === "needs_digits")) return this.#seen(loaded);
    return this.#seen([...loaded, ...this.#session.handle(text)]);
  }

  /** Notes what events mean for the loop. */
  #seen(events: SessionEvent[]): SessionEvent[] {
    for (const event of events) {
      if (event.type === "playing") this.#playing = true;
      else if (event.type === "paused" || event.type === "finished") this.#playing = false;
      else if (event.type === "configured") {
        this.#stepsPerEpoch = event.summary.steps_per_epoch;
        if (event.effect === "reset") {
          this.#choice += 1;
          this.#endTraining();
        }
      }
    }
    if (this.#playing || this.#training) this.#turns.start();
    return events;
  }

  #startTraining(id: number, goal: Goal, measure: boolean): void {
    this.#endTraining();
    if (this.#playing) {
      const events = this.#seen(this.#session.handle(JSON.stringify({ type: "pause" })));
      if (events.length > 0) this.#send({ events });
    }
    const { run, step, epoch } = this.#session.frame("{}");
    this.#training = {
      id,
      goal:
        "steps" in goal
          ? { untilStep: step + goal.steps }
          : { untilEpoch: Math.floor(epoch + EPOCH_ROUNDING) + goal.epochs },
      run,
      chunk: 1,
      measure,
    };
    this.#turns.start();
  }

  #endTraining(): void {
    const training = this.#training;
    if (!training) return;
    this.#training = null;
    this.#snapshot(performance.now());
    this.#reply(training.id, training.measure ? this.#session.metrics() : null);
  }

  #trainSlice(training: Training): void {
    const { run, step, epoch } = this.#session.frame("{}");
    const { goal } = training;
    const left =
      "untilStep" in goal
        ? goal.untilStep - step
        : Math.ceil((goal.untilEpoch - epoch - EPOCH_ROUNDING) * this.#stepsPerEpoch);
    if (run !== training.run || left <= 0) return this.#endTraining();
    const started = performance.now();
    const count = Math.min(training.chunk, left);
    const events = this.#session.handle(JSON.stringify({ type: "step", count }));
    const took = performance.now() - started;
    const fitting = Math.floor(count * (SLICE_MS / Math.max(took, SLICE_MS / 64)));
    training.chunk = Math.max(1, Math.min(fitting, training.chunk * 2));
    const rejected = events.find((event) => event.type === "rejected");
    if (rejected) {
      this.#training = null;
      return this.#fail(training.id, rejected.refusal);
    }
    // The engine pauses after every stretch of steps; that is how this loop works, no news for the page.
    const news = events.filter((event) => event.type !== "paused" && event.type !== "playing");
    if (news.length > 0) this.#send({ events: news });
    if (news.some((event) => event.type === "finished")) this.#endTraining();
  }

  /** One stretch of training. */
  #slice(): Next {
    const training = this.#training;
    const started = performance.now();
    try {
      if (training) this.#trainSlice(training);
      else {
        const events = this.#seen(this.#session.advance(SLICE_MS));
        if (events.length > 0) {
          this.#send({ events });
          if (!this.#playing) this.#snapshot(performance.now());
        }
      }
      const now = performance.now();
      if (now - this.#lastSnapshot > Math.max(SNAPSHOT_MS, this.#snapshotMs / SNAPSHOT_SHARE)) this.#snapshot(now);
      if (!this.#playing && !this.#training) return "stop";
      // A slice that did next to nothing: the pace asks for less than the machine can do.
      return !training && now - started < 1 ? IDLE_MS : "again";
    } catch (thrown) {
      this.#training = null;
      this.#fail(training?.id ?? null, thrown);
      return "stop";
    }
  }

  #snapshot(now: number): void {
    const snapshot = this.#session.weights();
    this.#snapshotMs = performance.now() - now;
    this.#lastSnapshot = now;
    this.#send({ snapshot });
  }
}

/** An epoch is step / steps per epoch in floating point; a whole one may come out a hair too small. */
const EPOCH_ROUNDING = 1e-6;
