/** Undo and redo of every change: settings, weights, data, seeds, resets. */

import { batch, signal, type Signal } from "@preact/signals-core";
import { bytesOf, differences, joined, type Change } from "./changes.js";
import type { Config, NamedTensor } from "../engine/types.js";

/** So many changes can be taken back; the oldest are forgotten. */
const MOST_CHANGES = 200;
/** All kept parameters and rows together, in bytes; older ones are let go first. */
const MOST_BYTES = 16 * 2 ** 20;

/** What undoing needs of the engine. */
export interface Undoable {
  configure(config: Config): Promise<unknown>;
  setParameter(layer: number, unit: number, input: number | null, value: number): Promise<void>;
  setData(data: NonNullable<NonNullable<Change["data"]>["after"]>): Promise<unknown>;
  reset(): Promise<void>;
  weights(): Promise<NamedTensor[]>;
  setWeights(tensors: NamedTensor[]): Promise<void>;
}

/** What became of the network: all as it was; trained weights without their counters and curves; weights drawn anew. */
export type Returned = "whole" | "weights" | "new_weights";

/** What can be taken back, and what can be made again; newest last. */
export interface History {
  readonly past: Signal<readonly Change[]>;
  readonly future: Signal<readonly Change[]>;
}

export class Undo {
  readonly past: History["past"];
  readonly future: History["future"];
  readonly #engine: Undoable;
  readonly #steps: () => number;

  /** `steps` tells how many updates the network in force has had. */
  constructor(engine: Undoable, steps: () => number, { past, future }: History = { past: signal([]), future: signal([]) }) {
    this.#engine = engine;
    this.#steps = steps;
    this.past = past;
    this.future = future;
  }

  /** Notes a change that was made; a gesture going on is one with what came before it. */
  note(change: Change): void {
    const past = [...this.past.value];
    const { parameter, restarted, data, steps } = change;
    // A network that nobody has trained or touched cannot be lost.
    const lost = restarted && (steps > 0 || past.some((each) => each.parameter));
    if (!parameter && !lost && !data && differences(change.before, change.after).length === 0) return;
    const last = past.at(-1);
    const both = last && this.future.value.length === 0 ? joined(last, change) : null;
    if (both) past.pop();
    // A slider that is brought back to where it was has changed nothing, unless the network began anew.
    const nothing = both && !both.restarted && (both.parameter ? both.parameter.from === both.parameter.to : differences(both.before, both.after).length === 0);
    if (!nothing) past.push(both ?? change);
    batch(() => {
      this.past.value = bounded(past);
      this.future.value = [];
    });
  }

  /** Whether the next change of this kind would go on with the last one, which has kept what is needed. */
  goesOn(change: Change): boolean {
    const last = this.past.value.at(-1);
    return last !== undefined && this.future.value.length === 0 && joined(last, change) !== null;
  }

  /** Takes the last change back; null if there is none. */
  async undo(): Promise<Returned | null> {
    const change = this.past.value.at(-1);
    if (!change) return null;
    const { before, parameter, data } = change;
    return this.#move(change, this.past, this.future, { config: before, value: parameter?.from, data: data?.before, anew: false });
  }

  /** Makes the change again that was taken back last; null if there is none. */
  async redo(): Promise<Returned | null> {
    const change = this.future.value.at(-1);
    if (!change) return null;
    const { before, after, parameter, data, restarted } = change;
    const anew = restarted && !data && differences(before, after).length === 0;
    return this.#move(change, this.future, this.past, { config: after, value: parameter?.to, data: data?.after, anew });
  }

  async #move(change: Change, from: typeof this.past, to: typeof this.past, side: Side): Promise<Returned> {
    const engine = this.#engine;
    const { parameter, restarted, parameters } = change;
    // What is in force now is what the other direction will want.
    const present = { parameters: restarted ? await engine.weights() : null, steps: this.#steps() };
    let returned: Returned = "whole";
    if (parameter) {
      await engine.setParameter(parameter.layer, parameter.unit, parameter.input, side.value!);
    } else if (side.anew) {
      await engine.reset();
    } else {
      if (side.data) await engine.setData(side.data);
      await engine.configure(side.config);
      if (restarted && parameters) await engine.setWeights(parameters);
      if (restarted && change.steps > 0) returned = parameters ? "weights" : "new_weights";
    }
    batch(() => {
      from.value = from.value.filter((each) => each !== change);
      to.value = bounded([...to.value, { ...change, ...present, at: -Infinity }]);
    });
    return returned;
  }
}

/** What a change leads to in one direction. */
interface Side {
  config: Config;
  value: number | undefined;
  data: NonNullable<Change["data"]>["after"] | undefined;
  /** Nothing but a reset, made once more. */
  anew: boolean;
}

/** The newest changes, and of them the newest parameters, within the bounds. */
function bounded(changes: readonly Change[]): Change[] {
  let bytes = 0;
  return changes.slice(-MOST_CHANGES).reverse().map((change) => {
    bytes += bytesOf(change);
    return bytes > MOST_BYTES && change.parameters ? { ...change, parameters: null } : change;
  }).reverse();
}
