// The host: owns one session, answers calls from a port, and trains in slices between them, itself or on the GPU.
// Runs in the worker, or on the page's own thread where no worker can be had. No wasm is named here.

import { Backends } from "./backends";
import { EngineError, engineError, isRefusal } from "./errors";
import type { Gpu } from "./gpu";
import type { Given } from "./gpu-run";
import type { GpuAccess } from "./gpu-module";
import { AT_ANY_TIME, PACE, transferables } from "./protocol";
import type { Goal, Message, Method, Request } from "./protocol";
import type { Session } from "./session";
import type { Backend, Standing } from "./standing";
import { Turns } from "./turns";
import type { Next } from "./turns";
import type { Command, EngineInfo, Event, FrameWants, NamedTensor } from "./types";

/** Longest stretch of training between two looks at the port: half a frame at 60 Hz. */
const SLICE_MS = 8;
/** Stretches of a run after which it gets code of its own: one that lasts. */
const LASTING = 16;
/** Who looks at it is shown so many pictures of a trained network first: nothing is fetched before the first one. */
const PICTURES = 30;
/** Longest sleep when the pace asks for fewer steps than the machine could make; a new pace is taken up within it. */
const SLEEP_MS = 16;
/** The client is sent the weights at most this often, so that it can go on after a crash. */
const SNAPSHOT_MS = 1000;
/** ... and taking them may cost at most this share of the time. */
const SNAPSHOT_SHARE = 0.02;

export interface HostOptions {
  /** The inflated digits file; called when the digits are first chosen. */
  readDigits(): Promise<Uint8Array>;
  /** The way to the GPU. */
  gpu: GpuAccess;
  /** Gives the session code for the run that it has. */
  code?(session: Session): Promise<void>;
}

export class Host {
  readonly #session: Session;
  readonly #port: MessagePort;
  readonly #options: HostOptions;
  #playing = false;
  /** The `train` call to be answered when its goal is reached or something else ends it. */
  #training: number | null = null;
  /** Counts new runs and fetches; a command waiting for the digits is dropped when another came first. */
  #choice = 0;
  #stretches = 0;
  /** Of a trained network; null until anybody looks. */
  #pictures: number | null = null;
  #lastSnapshot = 0;
  #snapshotMs = 0;
  readonly #turns = new Turns(() => this.#slice());
  #dead = false;
  readonly #backends: Backends;
  #configured: Given[0] = null;
  #customData: Given[1] = null;

  constructor(session: Session, port: MessagePort, options: HostOptions) {
    this.#session = session;
    this.#port = port;
    this.#options = options;
    const given = (): Given => [this.#configured, this.#customData, () => options.readDigits()];
    this.#backends = new Backends(options.gpu, session, given, () => {
      if (!this.#dead) this.#send({ engine: this.#info() });
    });
    port.onmessage = (message: MessageEvent<Request | "close">) => {
      if (message.data === "close") this.close();
      else void this.#answer(message.data);
    };
  }

  close(): void {
    this.#dead = true;
    this.#turns.stop();
    this.#backends.close();
    this.#port.close();
  }

  /** What makes frames, maps and figures. */
  get #looking(): Session | Gpu["looking"] {
    return this.#backends.gpu?.looking ?? this.#session;
  }

  #info(): EngineInfo & Standing {
    return { ...this.#session.info(), ...this.#backends.standing };
  }

  async #answer({ id, method, args }: Request): Promise<void> {
    if (this.#dead) return;
    try {
      const settling = this.#backends.settle(this.#playing && !AT_ANY_TIME.has(method));
      if (settling) await settling;
      if (this.#dead) return;
      if (method === "train") return this.#train(id, args[0] as Goal); // answered when it ends
      await this.#reply(id, this.#call(method, args));
    } catch (thrown) {
      this.#fail(id, thrown);
    }
  }

  async #reply(id: number, result: unknown): Promise<void> {
    if (result instanceof Promise) result = await result;
    if (!this.#dead) this.#send({ id, result });
  }

  #fail(id: number | null, thrown: unknown): void {
    if (this.#dead) return;
    if (id !== null && thrown instanceof EngineError) this.#send({ id, refusal: thrown.refusal });
    else if (id !== null && isRefusal(thrown)) this.#send({ id, refusal: thrown });
    else {
      // A trap. The wasm instance may be in any state, so nothing more is asked of it.
      this.#dead = true;
      this.#turns.stop();
      this.#backends.close();
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
        const data = args as Parameters<Session["set_data"]>;
        const events = session.set_data(...data);
        if (!events.some((event) => event.type === "rejected")) this.#customData = data;
        return this.#seen(events);
      }
      case "set_weights":
        this.#backends.gpu?.touched(false);
        return this.#seen(session.set_weights(args[0] as NamedTensor[]));
      case "frame":
        this.#pictures = (this.#pictures ?? 0) + Number(this.#session.step_count() > 0);
        return this.#looking.frame(JSON.stringify(args[0] as FrameWants), args[1] as Float32Array[] | undefined, args[2] as Float32Array | undefined);
      case "info":
        return this.#info();
      case "set_backend":
        return this.#backends.choose(args[0] as Backend).then(() => this.#info());
      case "traffic":
        return this.#backends.gpu?.traffic() ?? null;
      case "lose_device_for_test":
        this.#backends.gpu?.loseDevice();
        return null;
      case "predict":
        return session.predict(args[0] as Float32Array);
      case "maps":
        return this.#looking.maps(args[0] as number, args[1] as Float32Array[] | undefined);
      case "metrics":
        return this.#looking.metrics();
      case "thumbnail":
        return session.thumbnail(args[0] as string);
      case "feature_map":
        return session.feature_map(args[0] as string, args[1] as number);
      case "curve":
        return session.curve(JSON.stringify(args[0]));
      case "crash_for_test":
        throw new WebAssembly.RuntimeError("unreachable (asked for by a test)");
      case "catalog":
      case "points":
      case "weights":
      case "gradients":
        return session[method]();
      case "train":
        throw engineError("not_now", method, "train is started elsewhere");
    }
  }

  #command(command: Command): Event[] | Promise<Event[]> {
    const text = JSON.stringify(command);
    if (!PACE.has(command.type)) this.#backends.gpu?.touched(false);
    const events = this.#session.handle(text);
    if (events.some((event) => event.type === "needs_digits")) return this.#withDigits(text);
    // The earlier goal is no longer what is played.
    if (events.some((event) => event.type === "playing")) this.#endTraining();
    return this.#seen(events);
  }

  /** Fetches the digits, hands them over and repeats the command. */
  async #withDigits(text: string): Promise<Event[]> {
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

  /** Notes what events mean for the loop and for a `train` call. */
  #seen(events: Event[]): Event[] {
    for (const event of events) {
      if (event.type === "playing") this.#playing = true;
      else if (event.type === "paused") {
        this.#playing = false;
        // Before the answer, so that who has it can rely on it.
        this.#snapshot();
        this.#endTraining();
      } else if (event.type === "configured") {
        this.#configured = event;
        this.#stretches = 0;
        this.#backends.gpu?.touched(true);
        if (event.effect === "reset") this.#choice += 1;
      }
    }
    if (this.#playing) this.#turns.start();
    return events;
  }

  #train(id: number, goal: Goal): void {
    const events = this.#command({ type: "train", ...goal }) as Event[];
    const rejected = events.find((event) => event.type === "rejected");
    if (rejected) return this.#fail(id, rejected.refusal);
    this.#send({ events });
    this.#training = id;
  }

  #endTraining(): void {
    if (this.#training === null) return;
    const id = this.#training;
    this.#training = null;
    this.#reply(id, this.#looking.metrics()).catch((thrown: unknown) => this.#fail(id, thrown));
  }

  /** One stretch of training. */
  #slice(): Next | Promise<Next> {
    try {
      const gpu = this.#backends.ready;
      if (gpu) {
        const steps = this.#session.permitted();
        return steps > 0 || gpu.ahead > 0 ? this.#stretch(gpu, steps) : this.#next();
      }
      if (++this.#stretches >= LASTING && (this.#pictures ?? PICTURES) >= PICTURES) {
        this.#stretches = -Infinity;
        void this.#options.code?.(this.#session);
      }
      return this.#trained(this.#session.advance(SLICE_MS));
    } catch (thrown) {
      return this.#trapped(thrown);
    }
  }

  /** The same on the GPU. What it cannot do, the session does: a stretch that diverges, say, by its own rules. */
  async #stretch(gpu: Gpu, steps: number): Promise<Next> {
    try {
      const trained = await gpu.train(steps);
      if (this.#dead) return "stop";
      if (!trained) return this.#next();
      const own = trained === "own";
      const next = own && !this.#playing ? "stop" : this.#trained(own ? this.#session.advance(SLICE_MS) : trained);
      this.#backends.settled();
      return next;
    } catch (thrown) {
      return this.#trapped(thrown);
    }
  }

  #trained(events: Event[]): Next {
    if (events.length > 0) this.#send({ events });
    this.#seen(events);
    if (performance.now() - this.#lastSnapshot > Math.max(SNAPSHOT_MS, this.#snapshotMs / SNAPSHOT_SHARE)) this.#snapshot();
    return this.#next();
  }

  #next(): Next {
    if (!this.#playing) return "stop";
    const wait = this.#session.wait_ms() ?? 0;
    return wait < 1 ? "again" : Math.min(wait, SLEEP_MS);
  }

  #trapped(thrown: unknown): Next {
    this.#fail(this.#training, thrown);
    return "stop";
  }

  #snapshot(): void {
    const started = performance.now();
    const snapshot = this.#session.weights();
    this.#lastSnapshot = performance.now();
    this.#snapshotMs = this.#lastSnapshot - started;
    this.#send({ snapshot });
  }
}
