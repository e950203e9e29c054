// The plain-language line over synthetic curves and maps: it says what they do, and says it calmly.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readBoundary, shareMoved, type Boundary } from "../../www/insights/boundary.js";
import { narrate, type Facts, type Row, type Sentence } from "../../www/insights/narration.js";
import { LEAST_HOLD, LEAST_STAY, LONGEST_UNTRUE, Narrator } from "../../www/insights/narrator.js";

const SIDE = 36;
/** A map from a signed function over -6..6, rows from the top. */
const map = (f: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: SIDE * SIDE }, (_, at) => f(-6 + (12 * ((at % SIDE) + 0.5)) / SIDE, 6 - (12 * (Math.floor(at / SIDE) + 0.5)) / SIDE));

const curve = (count: number, row: (epoch: number) => Partial<Row>): Row[] =>
  Array.from({ length: count }, (_, epoch) => ({ epoch, train: 0.1, validation: 0.1, score: 0.95, validationScore: 0.95, ...row(epoch) }));
const facts = (rows: Row[], extra: Partial<Facts> = {}): Facts =>
  ({ rows, start: NaN, untrained: false, boundary: null, moved: null, swinging: false, regression: false, linear: false, dead: 0, hiddenUnits: 0, validated: true, ...extra });
const said = (given: Facts): string[] => narrate(given).map(({ key }) => key.replace("tell.", ""));
/** A deterministic wobble in -1..1. */
const noise = (at: number): number => Math.sin(at * 12.9898) * 43758.5453 % 1;

test("too_few_rows_say_nothing", () => {
  assert.deepEqual(said(facts([])), []);
  assert.deepEqual(said(facts(curve(4, (epoch) => ({ train: 1 / (epoch + 1) })))), []);
});

test("a_falling_loss_is_falling_noise_or_not", () => {
  assert.deepEqual(said(facts(curve(60, (e) => ({ train: Math.exp(-e / 40), validation: Math.exp(-e / 40) })))), ["curves.falling"]);
  assert.deepEqual(said(facts(curve(60, (e) => ({ train: Math.exp(-e / 40) * (1 + 0.05 * noise(e)), validation: Math.exp(-e / 40) })))), ["curves.falling"]);
});

test("a_loss_that_falls_although_all_is_right_is_said_so", () => {
  assert.deepEqual(said(facts(curve(60, (e) => ({ train: Math.exp(-e / 40), validation: Math.exp(-e / 40), score: 1 })))), ["curves.falling_solved"]);
});

test("a_plateau_is_named_by_what_was_reached", () => {
  const flat = (score: number): Row[] => curve(200, (e) => ({ train: 0.3 + Math.exp(-e / 5), validation: 0.35 + Math.exp(-e / 5), score }));
  const fresh = { validated: false };
  assert.deepEqual(said(facts(flat(1), fresh)), ["curves.solved"]);
  assert.deepEqual(said(facts(flat(0.95), fresh)), ["curves.flat"]);
  assert.deepEqual(said(facts(flat(0.6), fresh)), ["curves.flat_poor"]);
  assert.deepEqual(said(facts(flat(0.6), { ...fresh, linear: true })), ["curves.flat_linear"]);
  assert.deepEqual(said(facts(flat(0.6), { ...fresh, dead: 2, hiddenUnits: 6 })), ["curves.flat_dead"]);
  assert.deepEqual(said(facts(flat(0.6), { ...fresh, regression: true })), ["curves.flat_poor_values"]);
});

test("overfitting_is_a_validation_loss_that_rises_while_the_training_loss_falls", () => {
  const rows = curve(300, (e) => ({ train: 0.5 * Math.exp(-e / 60), validation: 0.3 + Math.abs(e - 100) / 500 }));
  const [sentence] = narrate(facts(rows));
  assert.equal(sentence?.key, "tell.curves.overfitting");
  assert.equal(sentence?.values.count, 100, "199 epochs ago, said with one digit");
  assert.deepEqual(said(facts(rows, { validated: false })), ["curves.falling"], "nothing is said of a set that is not there");
  const parallel = curve(300, (e) => ({ train: 0.3 + Math.exp(-e / 30), validation: 0.32 + Math.exp(-e / 30) + 1e-4 * e }));
  assert.deepEqual(said(facts(parallel)), ["curves.stale"], "a loss that only stands still is not overfitting");
});

test("jumping_needs_large_steps_to_and_fro", () => {
  assert.deepEqual(said(facts(curve(80, (e) => ({ train: e % 2 ? 0.4 : 0.7 })))), ["curves.jumping"]);
  assert.notDeepEqual(said(facts(curve(80, (e) => ({ train: 0.5 * (1 + 0.02 * noise(e)) })))), ["curves.jumping"]);
});

test("a_rising_loss_warns_of_the_learning_rate", () => {
  assert.deepEqual(said(facts(curve(80, (e) => ({ train: 0.1 * Math.exp(e / 20), validation: NaN })))), ["curves.rising"]);
});

test("dead_neurons_are_counted", () => {
  const falling = curve(60, (e) => ({ train: Math.exp(-e / 40), validation: Math.exp(-e / 40) }));
  assert.deepEqual(narrate(facts(falling, { dead: 3, hiddenUnits: 6 }))[0], { key: "tell.curves.falling_dead", values: { count: 3, of: 6 } });
  assert.deepEqual(said(facts(falling, { dead: 1, hiddenUnits: 6 })), ["curves.falling"]);
  assert.deepEqual(said(facts(curve(60, () => ({ train: 0.69, score: 0.5 })), { dead: 6, hiddenUnits: 6 })), ["curves.all_dead"]);
});

test("shapes_of_boundaries", () => {
  const shape = (f: (x: number, y: number) => number): Boundary["shape"] => readBoundary(map(f), SIDE).shape;
  assert.deepEqual(readBoundary(map(() => 1), SIDE), { shape: "none", blue: true, regions: 1, specks: false });
  assert.equal(readBoundary(map(() => -0.2), SIDE).blue, false);
  for (const angle of [0, 0.3, 0.8, 1.57, 2.5]) assert.equal(shape((x, y) => Math.cos(angle) * x + Math.sin(angle) * y - 1), "straight", `at ${angle}`);
  assert.equal(shape((x, y) => y - 0.3 * x * x + 2), "bent");
  assert.deepEqual(readBoundary(map((x, y) => 9 - x * x - y * y), SIDE), { shape: "closed", blue: true, regions: 2, specks: false });
  assert.deepEqual(readBoundary(map((x, y) => x * x + y * y - 9), SIDE).blue, false);
  assert.deepEqual(readBoundary(map((x, y) => x * y + 0.5), SIDE), { shape: "islands", blue: true, regions: 3, specks: false }, "the blue ones meet in the middle");
});

test("specks_are_no_regions", () => {
  const half = map((x) => x);
  half[5] = 1;
  assert.equal(readBoundary(half, SIDE).shape, "straight");
});

test("the_boundary_is_said_with_its_movement", () => {
  const rows = curve(3, () => ({ score: 0.9 }));
  const of = (boundary: Boundary, moved: number | null, score = 0.9): string[] => said(facts(rows.map((row) => ({ ...row, score })), { boundary, moved }));
  const ring: Boundary = { shape: "closed", blue: true, regions: 2, specks: false };
  assert.deepEqual(of(ring, 0.05), ["boundary.closing"]);
  assert.deepEqual(of(ring, 0), ["boundary.closed"]);
  assert.deepEqual(of(ring, null), ["boundary.closed"]);
  assert.deepEqual(of({ ...ring, shape: "straight" }, 0.05), ["boundary.straight_turning"]);
  assert.deepEqual(of({ ...ring, shape: "straight" }, 0, 0.5), ["boundary.straight_lost"]);
  assert.deepEqual(of({ ...ring, shape: "none" }, 0), ["boundary.none"]);
  assert.equal(shareMoved(map((x) => x), map((x) => x + 1)), 3 / SIDE);
});

test("every_sentence_is_in_the_dictionary", () => {
  const source = ["narration.ts"].map((name) => readFileSync(new URL(`../../www/insights/${name}`, import.meta.url), "utf8")).join("");
  const keys = [...source.matchAll(/"(tell\.[a-z_.]+)"/g)].map(([, key]) => key!).concat([...source.matchAll(/say\((?:regression \? "(\w+)" : )?"(\w+)"/g)]
    .flatMap(([, a, b]) => [a, b]).filter((each) => each !== undefined).map((each) => `tell.curves.${each}`));
  assert.ok(keys.length >= 20, `${keys.length}`);
  const words = JSON.parse(readFileSync(new URL("../../www/i18n/en.json", import.meta.url), "utf8")) as Record<string, string>;
  for (const key of keys) assert.ok(key in words, key);
});

const sentence = (key: string, values = {}): Sentence => ({ key, values });
const keys = (shown: readonly Sentence[]): string => shown.map(({ key }) => key).join(" ");

test("a_sentence_stays_until_it_is_read_and_flicker_is_not_shown", () => {
  const [a, b] = [[sentence("a")], [sentence("b")]];
  const narrator = new Narrator();
  assert.equal(keys(narrator.offer(a, 0)), "a");
  assert.equal(keys(narrator.offer(b, 200)), "a", "too soon");
  assert.equal(keys(narrator.offer(b, LEAST_STAY - 1)), "a");
  assert.equal(keys(narrator.offer(b, LEAST_STAY + 1)), "b");
  const shown = narrator.shown;
  for (let now = 2000; now < 60_000; now += 400) assert.equal(narrator.offer(now % 800 === 0 ? a : b, now), shown, "what does not hold is not shown");
  assert.equal(narrator.offer(a, 60_100), shown);
  assert.equal(keys(narrator.offer(a, 60_100 + LEAST_HOLD)), "a");
  assert.equal(keys(narrator.settle(b, 60_101 + LEAST_HOLD)), "b", "when training stops, at once");
});

test("what_is_no_longer_true_goes_even_if_nothing_else_holds", () => {
  const narrator = new Narrator();
  narrator.offer([sentence("a")], 0);
  let now = 0;
  while (keys(narrator.shown) === "a" && now < 60_000) {
    now += 400;
    narrator.offer([sentence(now % 800 === 0 ? "b" : "c")], now);
  }
  assert.ok(now >= LONGEST_UNTRUE && now < LONGEST_UNTRUE + 800, `${now}`);
});

test("flickering_curves_do_not_hold_up_the_boundary", () => {
  const narrator = new Narrator();
  narrator.offer([sentence("tell.boundary.none"), sentence("tell.curves.flat")], 0);
  for (let now = 400; now < 3000; now += 400) narrator.offer([sentence("tell.boundary.closed"), sentence(now % 800 === 0 ? "tell.curves.flat" : "tell.curves.falling")], now);
  assert.equal(keys(narrator.shown), "tell.boundary.closed tell.curves.flat");
});

test("figures_in_a_sentence_change_no_faster_than_it_can_be_read", () => {
  const narrator = new Narrator();
  let changes = 0;
  let shown: unknown;
  for (let now = 0; now < 30_000; now += 100) {
    const next = narrator.offer([{ key: "a", values: { count: now } }], now);
    if (next !== shown) changes += 1;
    shown = next;
  }
  assert.ok(changes <= 30_000 / LEAST_STAY + 1, `${changes}`);
});
