// When the client is sent the weights, so that it can go on after a crash.

/** At most this often ... */
const PERIOD_MS = 1000;
/** ... and taking them may cost at most this share of the time. */
const SHARE = 0.02;

export class Snapshots {
  readonly #send: () => void;
  #last = 0;
  #took = 0;
  #soon: ReturnType<typeof setTimeout> | null = null;

  constructor(send: () => void) {
    this.#send = send;
  }

  take(): void {
    this.stop();
    const started = performance.now();
    this.#send();
    this.#last = performance.now();
    this.#took = this.#last - started;
  }

  takeIfDue(): void {
    if (this.#wait < 0) this.take();
  }

  /** One copy for many changes. */
  takeSoon(): void {
    this.#soon ??= setTimeout(() => this.take(), Math.max(0, this.#wait));
  }

  stop(): void {
    if (this.#soon !== null) clearTimeout(this.#soon);
    this.#soon = null;
  }

  get #wait(): number {
    return this.#last + Math.max(PERIOD_MS, this.#took / SHARE) - performance.now();
  }
}
