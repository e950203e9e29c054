/** What of the pictures is in sight while the network trains: only that is asked for. Fetched after the first trained picture; until then all is. */

import type { Frame, FrameWants, Maps } from "../../engine/types.js";
import type { Store } from "../store.js";

/** So near to the edge it counts as seen: what is scrolled into sight is there by then. */
const NEAR = "160px";

/** The wants for a frame of what is in sight; `units` of each layer of the network. */
export type Seen = Pick<FrameWants, "maps" | "output">;

export class Sight {
  readonly #root: ParentNode;
  readonly #known = new WeakSet<Element>();
  readonly #unseen = new WeakSet<Element>();
  readonly #observer: IntersectionObserver;

  constructor(root: ParentNode) {
    this.#root = root;
    const near = { rootMargin: NEAR, scrollMargin: NEAR };
    this.#observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        this.#unseen[isIntersecting ? "delete" : "add"](target);
        // What was taken off the page does not come back.
        if (!target.isConnected) this.#observer.unobserve(target);
      }
    }, near);
  }

  /** Of `whole` wants those for what is in sight; null where that is all there is. */
  of({ maps, output }: Seen, { summary, pictured, bentBy }: Store): Seen | null {
    const { layers } = summary.value!;
    const units = layers.map(() => new Set<number>());
    for (const each of this.#views("np-network-view .unit")) {
      const { layer, unit } = (each as HTMLElement).dataset;
      if (this.#sees(each)) units[Number(layer)]?.add(Number(unit));
    }
    const shown = this.#views("np-output-view").some((view) => this.#sees(view));
    const bent = shown && pictured.value === "hidden" ? bentBy.value : null;
    if (bent) units[bent.layer]?.add(bent.across).add(bent.up);
    // A picture of the network before a change has other units.
    const lists = units.map((each, layer) => [...each].filter((unit) => unit < layers[layer]!.units).sort((a, b) => a - b));
    if (shown && lists.every((each, layer) => each.length === layers[layer]!.units)) return null;
    return { maps: maps && lists.some((each) => each.length > 0) ? { ...maps, units: lists } : null, output: shown ? output! : null };
  }

  /** Device pixels on a side of the largest map of a neuron; null where none is drawn. */
  pixels(): number | null {
    const sizes = this.#views("np-network-view .unit").map((each) => parseFloat((each as HTMLElement).style.width));
    return sizes.length > 0 ? Math.max(...sizes) * devicePixelRatio : null;
  }

  /** Adds what was not asked for as it was in the frame before; returns what is needed no more. */
  complete(frame: Frame, before: Frame | null): Pick<Frame, "maps" | "output"> {
    const { maps, output } = frame;
    const old = before?.maps ?? null;
    frame.maps = old && (!maps || spread(maps, old)) ? { ...old, units: maps?.units ?? [] } : null;
    frame.output ??= before?.output ?? null;
    return { maps, output: output ? before?.output ?? null : null };
  }

  #sees(element: Element): boolean {
    if (!this.#known.has(element)) this.#observer.observe(element);
    this.#known.add(element);
    // What nothing is known of yet may be in sight.
    return !this.#unseen.has(element);
  }

  /** Elements of the playground, and with a second word those inside that view. */
  #views(selector: string): Element[] {
    const [view, inside] = selector.split(" ");
    const views = [...this.#root.querySelectorAll(view!)];
    return inside ? views.flatMap((each) => [...each.shadowRoot!.querySelectorAll(inside)]) : views;
  }
}

/** Puts the maps of some units among those of all; false where these are of another network. */
function spread({ resolution, layers, units }: Maps, into: Maps): boolean {
  return resolution === into.resolution && layers.every((part, layer) => {
    const wanted = units?.[layer] ?? [];
    const size = part.length / (wanted.length || 1);
    const all = into.layers[layer];
    return wanted.every((unit, place) => {
      if (!all || all.length < (unit + 1) * size) return false;
      all.set(part.subarray(place * size, (place + 1) * size), unit * size);
      return true;
    });
  });
}
