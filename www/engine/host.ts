// The host: owns one session, answers calls from a port, and trains in slices between them, itself or on the GPU.
// Runs in the worker, or on the page's own thread where no worker can be had. No wasm is named here.

import { Backends } from "./backends";
import { EngineError, engineError, isRefusal } from "./errors";
import type { Gpu } from "./gpu";
import type { Given } from "./gpu-run";
import type { HostOptions } from "./host-options";
import { AT_ANY_TIME, PACE, transferables, type Calls, type Cancel, type Goal, type Message, type Method, type Request } from "./protocol";
import type { Session } from "./session";
import type { Backend, Standing } from "./standing";
import { digits, heeded, predict } from "./slices";
import { Snapshots } from "./snapshots";
import { Turns, type Next } from "./turns";
import type { Command, EngineInfo, Event, FrameWants, NamedTensor } from "./types";

/** Longest stretch of training between two looks at the port: half a frame at 60 Hz. */
const SLICE_MS = 8;
/** Stretches of a run after which it gets code of its own: one that lasts. */
const LASTING = 16;
/** Who looks at it is shown so many pictures of a trained network first: nothing is fetched before the first one. */
const PICTURES = 30;
/** Longest sleep when the pace asks for fewer steps than the machine could make; a new pace is taken up within it. */
const SLEEP_MS = 16;

export class Host {
  readonly #session: Session;
  readonly #port: MessagePort;
  readonly #options: HostOptions;
  #playing = false;
  /** The `train` call to be answered when its goal is reached or something else ends it. */
  #training: { id: number; metrics: boolean } | null = null;
  /** Counts new runs and fetches; a command waiting for the digits is dropped when another came first. */
  #choice = 0;
  #stretches = 0;
  /** Of a trained network; null until anybody looks. */
  #pictures: number | null = null;
  readonly #snapshots = new Snapshots(() => this.#send({ snapshot: this.#session.snapshot() }));
  readonly #turns = new Turns(() => this.#slice());
  /** Calls that are not answered yet; the page may give up each. */
  readonly #open = new Map<number, AbortController>();
  /** What is answered in slices. Until then nothing else changes the session; pictures go on. */
  #long: Promise<unknown> | null = null;
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
    port.onmessage = ({ data }: MessageEvent<Request | Cancel | "close">) => {
      if (data === "close") this.close();
      else if ("cancel" in data) this.#open.get(data.cancel)?.abort();
      else void this.#answer(data);
    };
  }

  close(): void {
    const alive = !this.#dead;
    this.#end();
    this.#port.close();
    // Not when some collector sees fit: a page may open and close many. After a trap nothing is asked of it.
    if (alive) this.#session.free();
  }

  #end(): void {
    this.#dead = true;
    for (const part of [this.#turns, this.#snapshots]) part.stop();
    this.#backends.close();
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
    const wish = new AbortController();
    this.#open.set(id, wish);
    try {
      const settling = this.#backends.settle(this.#playing && !AT_ANY_TIME.has(method));
      if (settling) await settling;
      while (this.#long && !AT_ANY_TIME.has(method)) await this.#long;
      if (this.#dead) return;
      heeded(wish.signal, method);
      if (method === "train") return this.#train(id, args[0] as Goal); // answered when it ends
      await this.#reply(id, this.#call(method, args, wish.signal));
    } catch (thrown) {
      this.#fail(id, thrown);
    } finally {
      this.#open.delete(id);
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
      this.#end();
      this.#options.trapped?.();
      const crash = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
      this.#send(id === null ? { crash } : { id, crash });
    }
  }

  #send(message: Message): void {
    this.#port.postMessage(message, transferables(message));
  }

  #call(method: Method, args: unknown[], givenUp: AbortSignal): unknown {
    const session = this.#session;
    switch (method) {
      case "command": return this.#command(args[0] as Command, givenUp);
      case "set_data": {
        const data = args as Parameters<Session["set_data"]>;
        const events = session.set_data(...data);
        if (!events.some((event) => event.type === "rejected")) this.#customData = data;
        return this.#seen(events);
      }
      case "set_weights":
        this.#backends.gpu?.touched(false);
        this.#changed();
        return this.#seen(session.set_weights(args[0] as NamedTensor[]));
      case "restore":
        // The layers' clocks may be others, and the GPU's run is made by them.
        this.#backends.gpu?.touched(true);
        return this.#seen(session.restore(args[0] as Uint8Array));
      case "frame":
        this.#pictures = (this.#pictures ?? 0) + Number(this.#session.step_count() > 0);
        return this.#looking.frame(JSON.stringify(args[0] as FrameWants), args[1] as Float32Array[] | undefined, args[2] as Float32Array | undefined);
      case "info": return this.#info();
      case "set_backend": return this.#backends.choose(args[0] as Backend).then(() => this.#info());
      case "ready": return this.#backends.decided().then(() => this.#info());
      case "traffic": return this.#backends.gpu?.traffic() ?? null;
      case "lose_device_for_test":
        this.#backends.gpu?.loseDevice();
        return null;
      case "predict":
        return this.#held(predict(session, args as Calls["predict"]["args"], this.#configured?.summary.multiply_adds, givenUp, () => this.#dead));
      case "maps": return this.#looking.maps(args[0] as number, args[1] as Float32Array[] | undefined);
      case "metrics": return this.#looking.metrics();
      case "thumbnail": return session.thumbnail(args[0] as string);
      case "feature_map": return session.feature_map(args[0] as string, args[1] as number);
      case "curve": return session.curve(JSON.stringify(args[0]));
      case "crash_for_test":
        throw new WebAssembly.RuntimeError("unreachable (asked for by a test)");
      case "catalog":
      case "points":
      case "weights":
      case "gradients":
      case "snapshot": return session[method]();
      case "train":
        throw engineError("not_now", method, "train is started elsewhere");
    }
  }

  /** Nothing else changes the session before it is there. */
  #held<T>(answer: T | Promise<T>): T | Promise<T> {
    if (!(answer instanceof Promise)) return answer;
    const long = answer.then(() => {}, () => {}).then(() => { if (this.#long === long) this.#long = null; });
    this.#long = long;
    return answer;
  }

  #command(command: Command, givenUp?: AbortSignal): Event[] | Promise<Event[]> {
    const text = JSON.stringify(command);
    if (!PACE.has(command.type)) {
      this.#backends.gpu?.touched(false);
      this.#changed();
    }
    const events = this.#session.handle(text);
    if (events.some((event) => event.type === "needs_digits")) return this.#withDigits(text, givenUp);
    // The earlier goal is no longer what is played.
    if (events.some((event) => event.type === "playing")) this.#endTraining();
    return this.#seen(events);
  }

  /** Fetches the digits, hands them over and repeats the command. */
  async #withDigits(text: string, givenUp?: AbortSignal): Promise<Event[]> {
    const choice = ++this.#choice;
    const bytes = await digits(this.#options.readDigits(), givenUp);
    if (choice !== this.#choice) throw engineError("superseded", "data.dataset", "another command came first");
    const loaded = this.#session.load_digits(bytes);
    const isBad = loaded.some((event) => event.type === "rejected" || event.type === "needs_digits");
    if (isBad) this.#options.dropDigits?.();
    return this.#seen(isBad ? loaded : [...loaded, ...this.#session.handle(text)]);
  }

  /** Notes what events mean for the loop and for a `train` call. */
  #seen(events: Event[]): Event[] {
    for (const event of events) {
      if (event.type === "playing") this.#playing = true;
      else if (event.type === "paused") {
        this.#playing = false;
        this.#snapshots.take(); // before the answer, so that who has it can rely on it
        this.#endTraining();
      } else if (event.type === "configured") {
        this.#configured = event;
        this.#stretches = 0;
        this.#backends.gpu?.touched(true);
        if (event.effect === "reset") this.#choice += 1;
        else this.#snapshots.take(); // the one before may not fit any more
      }
    }
    if (this.#playing) this.#turns.start();
    return events;
  }

  #train(id: number, { metrics = true, ...goal }: Goal): void {
    const events = this.#command({ type: "train", ...goal }) as Event[];
    const rejected = events.find((event) => event.type === "rejected");
    if (rejected) return this.#fail(id, rejected.refusal);
    this.#send({ events });
    this.#training = { id, metrics };
  }

  #endTraining(): void {
    if (this.#training === null) return;
    const { id, metrics } = this.#training;
    this.#training = null;
    this.#reply(id, metrics ? this.#looking.metrics() : null).catch((thrown: unknown) => this.#fail(id, thrown));
  }

  /** One stretch of training. */
  #slice(): Next | Promise<Next> {
    if (this.#long) return this.#long.then(() => (this.#dead ? "stop" : "again"));
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
    this.#snapshots.takeIfDue();
    return this.#next();
  }

  #next(): Next {
    if (!this.#playing) return "stop";
    const wait = this.#session.wait_ms() ?? 0;
    return wait < 1 ? "again" : Math.min(wait, SLEEP_MS);
  }

  #trapped(thrown: unknown): Next {
    this.#fail(this.#training?.id ?? null, thrown);
    return "stop";
  }

  /** A step or an edit is known to the client within a second too. */
  #changed(): void {
    if (!this.#playing) this.#snapshots.takeSoon();
  }
}
