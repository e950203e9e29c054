/** What is fetched when it is first wanted. One loader for all of it: a failure is seen, and asked for again. */

import { computed, signal } from "@preact/signals-core";
import { address } from "./address.js";

/** A fetch that has not ended by then has failed, in milliseconds; what comes later still counts. */
const PATIENCE = 30_000;

const failed = signal<ReadonlySet<{ get(): Promise<unknown> }>>(new Set());

/** Whether anything that was wanted could not be had. */
export const isLacking = computed(() => failed.value.size > 0);

/** Asks again for all that failed. */
export function askAgain(): void {
  for (const piece of failed.peek()) piece.get().catch(() => {});
}

// In node there is no such event, and nothing to ask for.
globalThis.addEventListener?.("online", askAgain);

export class Lazy<T> {
  readonly #load: () => Promise<T>;
  readonly #value = signal<T | null>(null);
  #coming: Promise<T> | null = null;
  #eventual: Promise<T> | null = null;
  #tries = 0;
  readonly #waiting = new Set<(value: T) => void>();

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** It, if it is there; whoever reads this in an effect is told when it comes. */
  get value(): T | null {
    return this.#value.value;
  }

  /** Fetches it, once; after a failure each call tries again. Rejects when it cannot be had, which the visitor sees. */
  get(): Promise<T> {
    return (this.#coming ??= this.#fetch());
  }

  /** It, if it is there; else it is fetched, and `then` called when it has come. What failed once waits for somebody to ask again. */
  want(then?: (value: T) => void): T | null {
    const value = this.#value.peek();
    if (value !== null) return value;
    if (then) this.#waiting.add(then);
    if (this.#tries === 0) this.get().catch(() => {});
    return null;
  }

  /** It, when it has come, be that after a failure. */
  eventually(): Promise<T> {
    return (this.#eventual ??= new Promise((resolve) => {
      const value = this.want(resolve);
      if (value !== null) resolve(value);
    }));
  }

  async #fetch(): Promise<T> {
    this.#tries += 1;
    const attempt = this.#attempt();
    // Late is better than never.
    attempt.then((value) => this.#arrived(value), () => {});
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await Promise.race([attempt, new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error("not there in time")), PATIENCE); })]);
    } catch (error) {
      this.#coming = null;
      failed.value = new Set(failed.peek()).add(this);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #attempt(): Promise<T> {
    if (this.#tries === 1) return this.#load();
    try {
      return await this.#load();
    } catch {
      address.again = `?again=${this.#tries}`;
      try {
        return await this.#load();
      } finally {
        address.again = "";
      }
    }
  }

  #arrived(value: T): void {
    if (this.#value.peek() !== null) return;
    this.#coming = Promise.resolve(value);
    this.#value.value = value;
    const rest = new Set(failed.peek());
    if (rest.delete(this)) failed.value = rest;
    for (const then of this.#waiting) then(value);
    this.#waiting.clear();
  }
}

export function lazy<T>(load: () => Promise<T>): Lazy<T> {
  return new Lazy(load);
}
