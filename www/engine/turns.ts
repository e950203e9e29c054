// A loop that gives way after every turn, so that messages are answered between turns.

/** What a turn asks for: another at once, another after some milliseconds, or none. */
export type Next = "again" | "stop" | number;

/**
 * Calls `turn` as a task of its own until it says `stop`, or `stop()` is called. A turn that answers later is waited for.
 *
 * Turns are messages to oneself: browsers throttle timers in hidden tabs, messages never. Node answers up to a thousand
 * messages of one port before it looks at another, so there it is `setImmediate`.
 */
export class Turns {
  readonly #turn: () => Next | Promise<Next>;
  #current: { post: () => void; close: () => void } | null = null;

  constructor(turn: () => Next | Promise<Next>) {
    this.#turn = turn;
  }

  start(): void {
    if (this.#current) return;
    const current = { post: () => {}, close: () => {} };
    const run = () => {
      if (this.#current !== current) return;
      const next = this.#turn();
      if (next instanceof Promise) void next.then(go);
      else go(next);
    };
    const go = (next: Next) => {
      if (this.#current !== current) return;
      if (next === "stop") this.stop();
      else {
        if (next === "again") current.post();
        else setTimeout(current.post, next);
      }
    };
    if (typeof setImmediate === "function") {
      current.post = () => void setImmediate(run);
    } else {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = run;
      current.post = () => port2.postMessage(null);
      current.close = () => port1.close();
    }
    this.#current = current;
    current.post();
  }

  stop(): void {
    this.#current?.close();
    this.#current = null;
  }
}

/** Resolves in a task of its own: messages that have come are read before. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const turns = new Turns(() => {
      resolve();
      return "stop";
    });
    turns.start();
  });
}

// Node's; absent in browsers, and not in the types of a page.
declare const setImmediate: undefined | ((run: () => void) => unknown);
