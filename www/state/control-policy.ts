/** Parts and controls of the playground by name, and what an embedding page or a link makes of them. */

/** Parts that may be left out, in reading order. */
export const PARTS = ["header", "data", "training", "layer", "tabs"] as const;
export type Part = (typeof PARTS)[number];

/** Single controls, by where they are; `running` and `picture` are in no part and stay when parts go. Ids are permanent: links hold them. */
export const GROUPS = {
  running: ["play", "step", "epoch", "reset", "seed", "undo", "speed", "engine"],
  data: ["dataset", "problem", "noise", "samples", "classes", "split", "features", "label-noise", "balance", "scaling"],
  training: ["loss", "optimizer", "learning-rate", "regularization", "regularization-rate", "batch-size", "schedule", "clipping", "initializer", "stop"],
  network: ["activation", "layers", "neurons", "weights", "gradients"],
  layer: ["dropout", "freeze"],
  picture: ["picture", "show-validation", "show-test", "discretize", "curves", "test"],
  header: ["share", "language", "theme", "shortcuts"],
} as const;
export type ControlId = (typeof GROUPS)[keyof typeof GROUPS][number];
export const CONTROLS: readonly ControlId[] = Object.values(GROUPS).flat();

export type ControlState = "shown" | "locked" | "hidden";

/** What an embedding page's attributes say. */
export interface Wishes {
  /** Parts and controls that alone are shown; null: all, or what the link says. */
  only: ReadonlySet<Part | ControlId> | null;
  hide: ReadonlySet<Part | ControlId>;
  lock: ReadonlySet<Part | ControlId>;
}

/** What a link says. */
export interface FromLink {
  parts: ReadonlySet<Part>;
  hidden: ReadonlySet<ControlId>;
  locked: ReadonlySet<ControlId>;
}

export const NO_WISHES: Wishes = { only: null, hide: new Set(), lock: new Set() };
const NAMES = new Set<string>([...PARTS, ...CONTROLS]);
const partOf = new Map<ControlId, Part>(PARTS.flatMap((part) => controlsOf(part).map((id) => [id, part] as const)));

function controlsOf(part: Part): readonly ControlId[] {
  return part === "tabs" ? [] : GROUPS[part];
}

/** The names in an attribute, and those that are none. "none" is no name at all. */
export function readNames(text: string): { names: Set<Part | ControlId>; unknown: string[] } {
  const all = text.split(/[\s,]+/).filter((name) => name !== "" && name !== "none");
  return { names: new Set(all.filter((name): name is Part | ControlId => NAMES.has(name))), unknown: all.filter((name) => !NAMES.has(name)) };
}

/** What is to be made of one control. */
export function stateOf(id: ControlId, { only, hide, lock }: Wishes, link: FromLink): ControlState {
  const part = partOf.get(id);
  const named = (names: ReadonlySet<Part | ControlId>): boolean => names.has(id) || (part !== undefined && names.has(part));
  if (named(hide)) return "hidden";
  // What moves can be stopped, whatever else is shown: Play goes only by its own name.
  if (only && singles(only) && id !== "play" && !named(only)) return "hidden";
  if (link.hidden.has(id) && !only?.has(id)) return "hidden";
  return named(lock) || link.locked.has(id) ? "locked" : "shown";
}

/** The parts that are shown. A single control brings the part that it stands in; data and training go with the last of their controls. */
export function partsOf(wishes: Wishes, link: FromLink): ReadonlySet<Part> {
  const { only, hide } = wishes;
  const shown = (id: ControlId): boolean => stateOf(id, wishes, link) !== "hidden";
  return new Set(PARTS.filter((part) => {
    if (hide.has(part)) return false;
    const wanted = only === null ? link.parts.has(part) : only.has(part) || controlsOf(part).some((id) => only.has(id));
    return wanted && ((part !== "data" && part !== "training") || controlsOf(part).some(shown));
  }));
}

/** Whether single controls are named, and not parts alone. */
function singles(names: ReadonlySet<Part | ControlId>): boolean {
  return [...names].some((name) => !(PARTS as readonly string[]).includes(name));
}
