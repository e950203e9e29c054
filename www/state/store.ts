/** The one store: what the engine last said, and what the visitor has chosen to look at. Views read, `Actions` write. */

import { batch, computed, signal } from "@preact/signals-core";
import { dataOf } from "../engine/data-kinds.js";
import { lookUp, type Language, type Values } from "../i18n/index.js";
import type {
  Catalog, Config, DatasetEntry, Event, Frame, ModelSummary, Points, Refusal,
} from "../engine/types.js";
import type { EngineInfo, Restarted } from "../engine/index.js";
import type { Actions } from "./actions.js";
import type { ParameterRef } from "./changes.js";
import { NO_WISHES, PARTS, partsOf, stateOf, type ControlId, type ControlState, type Part } from "./control-policy.js";
import { Places } from "./places.js";
import type { Sight } from "./frames/viewport.js";
import type { Returned } from "./undo.js";

export { CONTROLS, PARTS, type ControlId, type Part } from "./control-policy.js";

/** A unit of the network: `layer` counts as in `ModelSummary.layers` (0 = input columns). */
export interface UnitRef { layer: number; unit: number }

/** Up to this width, in CSS pixels, the page shows one part of its columns at a time. */
export const NARROW = 760;
/** What a phone shows below the output. */
export const SECTIONS = ["data", "network", "training", "more"] as const;
export type Section = (typeof SECTIONS)[number];

/** `auto` follows the system. */
export type Theme = "auto" | "light" | "dark";

/** A sentence to be shown near the control that caused it. */
export interface Message {
  kind: "refusal" | "adapted" | "restarted" | "returned" | "failure" | "notice" | "engine";
  /** Path of the field it belongs to, or "" for the whole page. */
  field: string;
  refusal?: Refusal;
  /** The patch that was refused. */
  wish?: unknown;
  adapted?: { field: string; from: string; to: string }[];
  restored?: Restarted["restored"];
  returned?: Returned;
  text?: string;
  /** Sentences of the dictionary. */
  notices?: { key: string; values?: Values }[];
  /** The GPU is gone, and why. */
  engine?: EngineInfo;
}

/** Why the run stopped of its own accord. */
export type Finish = Extract<Event, { type: "finished" }>;

export class Store {
  // What the engine said.
  readonly catalog = signal<Catalog | null>(null);
  readonly config = signal<Config | null>(null);
  readonly summary = signal<ModelSummary | null>(null);
  readonly frame = signal<Frame | null>(null);
  /** The frame that text speaks of: the newest while nothing moves, and some a second while it plays, which is as fast as anyone reads. */
  readonly reading = signal<Frame | null>(null);
  readonly points = signal<Points | null>(null);
  readonly playing = signal(false);
  /** How many calls are under way that end by themselves. */
  readonly errands = signal(0);
  readonly run = signal(0);
  readonly finish = signal<Finish | null>(null);
  readonly info = signal<EngineInfo | null>(null);
  readonly message = signal<Message | null>(null);

  /** A link's run is being replayed. `stop`: there are other plans; `halt`: the visitor has seen enough, and is told how far it came. */
  readonly replay = signal<{ steps: number; stop(): void; halt(): void } | null>(null);

  /** Link and attributes are in force: what the visitor presses from now on is not undone by them. */
  readonly started = signal(false);

  /** The engine could not be started. */
  readonly broken = signal(false);

  // What the visitor looks at.
  readonly language = signal<Language>("en");
  readonly theme = signal<Theme>("auto");
  readonly systemDark = signal(false);
  readonly reducedMotion = signal(false);
  /** Shortcuts of a single key; with Control they always work. */
  readonly singleKeys = signal(true);
  /** The unit in hand: shown in the layer panel and in the large map. */
  readonly selection = signal<UnitRef | null>(null);
  /** The layer in hand while no unit is. */
  readonly layer = signal(1);
  /** The unit under the pointer or with focus: the large map shows it meanwhile. */
  readonly hovered = signal<UnitRef | null>(null);
  /** Position of the speed slider, 0..1. */
  readonly speed = signal(0);
  /** The weight or bias whose card is open. */
  readonly parameter = signal<ParameterRef | null>(null);
  /** Links show the loss's gradients and not the weights. */
  readonly gradientsShown = signal(false);
  /** What a phone shows below the output. */
  readonly section = signal<Section>("network");
  /** What the large picture shows; `bent` is the layer, and two of its units, that the hidden representation is seen by; null until it was first seen. */
  readonly picture = signal<"boundary" | "surface" | "hidden">("boundary");
  readonly bent = signal<{ layer: number; across: number; up: number } | null>(null);
  /** Tells what of the pictures is in sight; null until it has come. */
  sight: Sight | null = null;
  readonly testPointsShown = signal(false);
  readonly validationPointsShown = signal(true);
  readonly discrete = signal(false);
  readonly logScale = signal(false);
  readonly tab = signal("digits");
  /** What a link says of parts and single controls: which parts are shown, which controls hidden, which shown but not to be changed. */
  readonly controls = signal<ReadonlySet<Part>>(new Set(PARTS));
  readonly hiddenControls = signal<ReadonlySet<ControlId>>(new Set());
  readonly lockedControls = signal<ReadonlySet<ControlId>>(new Set());
  /** What the embedding page's attributes say of them. */
  readonly wishes = signal(NO_WISHES);
  /** Width of the playground in CSS pixels: what the layout follows, wherever it is embedded. */
  readonly width = signal(innerWidth);
  /** True where the playground is the page: then Space works without focus. */
  readonly wholePage = signal(false);
  /** The page around is ours too, and takes its scheme from here. */
  ownPage = false;

  /** Which of the large pictures is drawn of this frame where the browser cannot draw both each time: 0 the network, 1 the output; null: both. */
  turn: number | null = null;

  /** The controls on the page: a refusal is shown beside its control if it has one. */
  readonly places = new Places();

  /** What views may ask for; set once by the composition root. */
  declare actions: Actions;

  /** The scheme in force: what colours a canvas must use. */
  readonly scheme = computed<"light" | "dark">(() => {
    const theme = this.theme.value;
    return theme === "auto" ? (this.systemDark.value ? "dark" : "light") : theme;
  });

  /** The catalog's row of the data in use; null for the caller's own data. */
  readonly dataset = computed<DatasetEntry | null>(() => {
    const id = this.config.value?.data.dataset;
    return this.catalog.value?.datasets.find((entry) => entry.id === id) ?? null;
  });

  /** Looks words up in the language of the moment: a new function when the language changes. */
  readonly words = computed(() => {
    const language = this.language.value;
    // Read here, so that there is a new function when a dictionary has come.
    lookUp(language, "ui.language");
    return (key: string, values: Values = {}): string => lookUp(language, key, values) ?? key;
  });

  /** The layer and units that the hidden representation is seen by, as far as the network has them; null where it has none. */
  readonly bentBy = computed(() => {
    const summary = this.summary.value;
    if (!summary || dataOf(summary).dimensions !== 2 || summary.layers.length < 3) return null;
    const { layer, across, up } = this.bent.value ?? { layer: Infinity, across: 0, up: 1 };
    const at = Math.min(layer, summary.layers.length - 2);
    const last = (summary.layers[at]?.units ?? 1) - 1;
    return { layer: at, across: Math.min(across, last), up: Math.min(up, last) };
  });

  /** The picture that can be drawn of these data and this network. */
  readonly pictured = computed(() => {
    const picture = this.picture.value;
    if (dataOf(this.summary.value).dimensions !== 2 || (picture === "hidden" && !this.bentBy.value)) return "boundary";
    return picture;
  });

  /** What is to be made of a control, by its id: a new function when that changes. */
  readonly control = computed(() => {
    const wishes = this.wishes.value;
    const link = { parts: this.controls.value, hidden: this.hiddenControls.value, locked: this.lockedControls.value };
    return (id: ControlId): ControlState => stateOf(id, wishes, link);
  });

  /** The parts of the page that are shown. */
  readonly parts = computed(() => partsOf(this.wishes.value, { parts: this.controls.value, hidden: this.hiddenControls.value, locked: this.lockedControls.value }));

  /** How often the test set was opened in this run. */
  readonly testRevealed = computed(() => this.frame.value?.metrics?.test_revealed ?? 0);

  /** The unit that the large map shows: hovered, else in hand, else the output as a whole (null). */
  readonly shown = computed<UnitRef | null>(() => this.hovered.value ?? this.selection.value);

  /** What ends by itself, and goes on until then whether it is seen or not. */
  async errand<T>(run: () => Promise<T>): Promise<T> {
    this.errands.value += 1;
    try {
      return await run();
    } finally {
      this.errands.value -= 1;
    }
  }

  /** Nothing is left of what an engine said, so that another may begin. */
  forget(): void {
    this.replay.value?.stop();
    batch(() => {
      for (const said of [this.config, this.summary, this.frame, this.reading, this.points, this.finish, this.info, this.message, this.selection, this.hovered, this.parameter]) said.value = null;
      this.playing.value = this.started.value = this.broken.value = false;
      this.run.value = 0;
      this.sight = this.turn = null;
    });
  }
}
