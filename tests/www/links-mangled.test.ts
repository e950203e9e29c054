// Links come back from the world changed. What was meant is opened, or the link is refused with a reason; never another figure.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeLink, encodeLink, type LinkState } from "../../www/links/index";
import { pack } from "../../www/links/packing";
import { hashOf, type Settings } from "./support/original";

/** Numbers that are the same in every run: mulberry32. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const next = random(11);
const at = (count: number): number => Math.floor(next() * count);
const pick = <T>(list: readonly T[]): T => list[at(list.length)]!;

const COUNT = 250;
const OURS = "https://example.org/playground/";
const THEIRS = "https://playground.tensorflow.org/";

/** What a link of ours may say: settings, weights, points, a replay. */
function said(): Omit<LinkState, "kind"> {
  const floats = (count: number): Float32Array => Float32Array.from({ length: count }, () => next() * 4 - 2);
  return {
    config: { data: { dataset: pick(["spiral", "xor", "moons"]), noise: at(50) / 100 }, training: { batch_size: 1 + at(99), optimizer: { id: pick(["adam", "sgd"]), learning_rate: (1 + at(999)) / 1e4 } }, seeds: { init: at(1e6) } },
    ...(next() < 0.4 ? { weights: floats(1 + at(60)) } : {}),
    ...(next() < 0.1 ? { points: { inputs: floats(40), columns: 2, targets: floats(20) } } : {}),
    ...(next() < 0.3 ? { replay: { steps: 1 + at(1000), digest: "0123456789abcdef" } } : {}),
    ...(next() < 0.3 ? { view: { testPoints: true, discrete: next() < 0.5 }, hidden: ["seed"], locked: ["noise"] } : {}),
  };
}

/** As this page wrote links before they had a check and ended in a letter; half of them end in a sign. */
async function old(): Promise<string> {
  const wanted = next() < 0.5;
  for (;;) {
    const { config, view } = said();
    const packed = await pack(JSON.stringify({ config, view: view && { test: view.testPoints, discrete: view.discrete }, replay: { steps: 1 + at(1e6) } }));
    if (!wanted || /[-_]$/.test(packed)) return `${OURS}#c=1.${packed}`;
  }
}

function theirs(): string {
  const isRegression = next() < 0.3;
  return `${THEIRS}#${hashOf({
    activation: pick(["tanh", "relu", "sigmoid", "linear"]), regularization: pick(["none", "L1", "L2"]), regularizationRate: pick([0, 0.001, 0.1]), batchSize: 1 + at(30),
    problem: isRegression ? "regression" : "classification", dataset: pick(["circle", "xor", "gauss", "spiral"]), regDataset: pick(["reg-plane", "reg-gauss"]),
    learningRate: pick([0.03, 0.001, 3]), noise: 5 * at(10), networkShape: pick([[4, 2], [8], [], [8, 8, 8]]), seed: next().toFixed(5), percTrainData: pick([10, 50, 90]),
    initZero: next() < 0.1, features: ["x", "y", "sinX"],
  } as Settings, 5 * at(10))}`;
}

const insert = (text: string, what: string, after: number): string => text.slice(0, after) + what + text.slice(after);
/** Somewhere in what stands after `#`, not at its very ends. */
const inside = (text: string): number => {
  const from = text.indexOf("#") + 5;
  return from + at(Math.max(1, text.length - from - 2));
};
const wrapped = (text: string, width: number, end: string): string => text.replace(new RegExp(`.{${width}}`, "gs"), (line) => line + end);
const encoded = (text: string): string => encodeURIComponent(text);
const fragment = (text: string, change: (fragment: string) => string): string => text.slice(0, text.indexOf("#") + 1) + change(text.slice(text.indexOf("#") + 1));

/** Twenty and more ways in which a link comes back. */
const MANGLERS: Record<string, (link: string) => string> = {
  "the fragment percent-encoded": (link) => fragment(link, encoded),
  "the fragment percent-encoded twice": (link) => fragment(link, (text) => encoded(encoded(text))),
  "all of it percent-encoded": encoded,
  "a point behind": (link) => `${link}.`,
  "a bracket behind": (link) => `(${link})`,
  "a comma and a word behind": (link) => `${link}, see there`,
  "Chinese punctuation behind": (link) => `“${link}”。`,
  "tracking with a question mark": (link) => `${link}?utm_source=mail&utm_medium=social`,
  "tracking with an and": (link) => `${link}&utm_source=mail&fbclid=IwAR0-x_Y`,
  "padding behind": (link) => `${link}==`,
  "lines broken": (link) => wrapped(link, 40 + at(40), "\n"),
  "lines broken and quoted": (link) => wrapped(link, 40 + at(40), "\r\n> "),
  "quoted-printable": (link) => link.replaceAll("=", "=3D").replace(/(?:=3D|.){66}/g, (line) => `${line}=\r\n`),
  "a zero-width space inside": (link) => insert(insert(link, "\u200b", inside(link)), "\u200b", inside(link)),
  "a soft hyphen and a byte order mark": (link) => `\ufeff${insert(link, "\u00ad", inside(link))}`,
  "underscores escaped": (link) => link.replace(/_/g, "\\_"),
  "without signs at its end": (link) => link.replace(/[-_.]$/, ""),
  "in angle brackets": (link) => `<${link}>`,
  "in Markdown": (link) => `[a figure](${link})`,
  "in bold": (link) => `**${link}**`,
  "a redirect": (link) => `https://www.google.com/url?q=${encoded(link)}&sa=D&usg=AOvVaw0-x`,
  "another redirect": (link) => `https://l.facebook.com/l.php?u=${encoded(link)}&h=AT0abc`,
  "a safe link": (link) => `https://eur01.safelinks.protection.outlook.com/?url=${encoded(link)}&data=05%7C01&reserved=0`,
  "ampersands as entities": (link) => link.replaceAll("&", "&amp;"),
  "ampersands as entities twice": (link) => link.replaceAll("&", "&amp;amp;"),
  "full-width signs": (link) => link.replace(/[=&#.,]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
  "dashes joined by typography": (link) => fragment(link, (text) => text.replaceAll("--", "–")),
  "hyphens that do not break": (link) => fragment(link, (text) => text.replaceAll("-", "\u2011")),
  "a sentence around": (link) => `Look at this: ${link}\nIt learns in ten epochs.`,
  "blanks around": (link) => ` \t${link} \n`,
};

/** What is opened, but for what may be said beside it. */
async function figure(link: string): Promise<unknown> {
  const { unread: _, ...state } = await decodeLink(link);
  return state;
}

interface Ends { opened: number; refused: Map<string, number>; wrong: string[] }

async function tryOut(link: string, mangled: string, meant: unknown, ends: Ends): Promise<void> {
  try {
    const found = await figure(mangled);
    try {
      assert.deepEqual(found, meant);
      ends.opened += 1;
    } catch {
      ends.wrong.push(`${link}\n  came back as ${mangled}`);
    }
  } catch (error) {
    const { code, field } = error as { code?: string; field?: string };
    assert.ok(code && field && field.length <= 200, String(error));
    ends.refused.set(mangled, 1);
  }
}

async function links(): Promise<{ link: string; meant: unknown }[]> {
  const all: string[] = [];
  for (let count = 0; count < COUNT; count += 1) {
    all.push(count % 5 < 2 ? theirs() : count % 5 === 4 ? await old() : `${OURS}#${await encodeLink(said())}`);
  }
  return Promise.all(all.map(async (link) => ({ link, meant: await figure(link) })));
}

test("250 links, each mangled in thirty ways, open as they were meant", async (context) => {
  assert.ok(Object.keys(MANGLERS).length >= 20);
  const all = await links();
  for (const [name, mangle] of Object.entries(MANGLERS)) {
    const ends: Ends = { opened: 0, refused: new Map(), wrong: [] };
    for (const { link, meant } of all) await tryOut(link, mangle(link), meant, ends);
    assert.equal(ends.wrong.length, 0, `${name}: other figures: ${ends.wrong[0]}`);
    assert.equal(ends.refused.size, 0, `${name}: ${ends.refused.size} refused: ${[...ends.refused.keys()][0]}`);
  }
  context.diagnostic(`${all.length * Object.keys(MANGLERS).length} mangled links opened as meant`);
});

test("5,000 links mangled in two and three ways after another open as they were meant, or are refused; none opens another figure", async (context) => {
  const all = await links();
  const ways = Object.values(MANGLERS);
  const ends: Ends = { opened: 0, refused: new Map(), wrong: [] };
  for (let count = 0; count < 5000; count += 1) {
    const { link, meant } = all[count % all.length]!;
    // Every pair comes up; a third way every other time.
    const first = ways[count % ways.length]!;
    const second = ways[Math.floor(count / ways.length) % ways.length]!;
    let mangled = second(first(link));
    if (count % 2 === 1) mangled = pick(ways)(mangled);
    await tryOut(link, mangled, meant, ends);
  }
  assert.equal(ends.wrong.length, 0, `${ends.wrong.length} other figures: ${ends.wrong.slice(0, 3).join("\n")}`);
  context.diagnostic(`${ends.opened} opened as meant, ${ends.refused.size} refused`);
  assert.ok(ends.opened > 4500, `${ends.opened} opened; refused, for one: ${[...ends.refused.keys()][0]}`);
});

test("cut off, changed by a letter, or in capitals, a link is refused; none opens another figure", async (context) => {
  const all = (await links()).filter(({ link }) => link.startsWith(OURS));
  const ends: Ends = { opened: 0, refused: new Map(), wrong: [] };
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const { link, meant } of all) {
    const { replay } = meant as LinkState;
    // What has no check yet cannot tell each changed letter.
    if (!replay?.digest && replay) continue;
    for (let count = 0; count < 8; count += 1) {
      const where = inside(link);
      await tryOut(link, link.slice(0, where), meant, ends);
      await tryOut(link, link.slice(0, where) + pick([...letters]) + link.slice(where + 1), meant, ends);
      await tryOut(link, link.slice(0, where) + link.slice(where + 1), meant, ends);
    }
    await tryOut(link, link.toLowerCase(), meant, ends);
    await tryOut(link, `${link.slice(0, 60)}…`, meant, ends);
  }
  assert.equal(ends.wrong.length, 0, `${ends.wrong.length} other figures: ${ends.wrong.slice(0, 3).join("\n")}`);
  assert.ok(ends.refused.size > 1000, `${ends.refused.size}`);
  context.diagnostic(`${ends.refused.size} refused, ${ends.opened} opened as meant`);
});

test("new links end in a letter and carry a check", async () => {
  for (let count = 0; count < 200; count += 1) {
    const link = await encodeLink(said());
    assert.match(link, /^c=1\.[A-Za-z0-9_-]*[A-Za-z]$/);
    assert.equal((await decodeLink(link)).kind, "own");
  }
});

test("what a link of TensorFlow Playground says and that page does not know is told", async () => {
  const unread = async (hash: string): Promise<unknown> => (await decodeLink(`#${hash}`)).unread;
  assert.equal(await unread("seed=1&noise=10&hideText=false&playButton_hide=true&xSquared_hide=false"), undefined);
  assert.deepEqual(await unread("seed=1&learnRate=3&amp=1"), ["learnRate=3", "amp=1"]);
  assert.deepEqual(await unread("seed=1&activation=softmax&x=yes&dataset=moons"), ["activation=softmax", "x=yes", "dataset=moons"]);
  assert.equal(await unread("seed=1&utm_source=mail&fbclid=x"), undefined, "what measures visitors is nobody's figure");
  const amp = await decodeLink("#seed=1&amp;noise=25&amp;dataset=spiral&amp;networkShape=8,8");
  assert.deepEqual([amp, amp.unread], [await decodeLink("#seed=1&noise=25&dataset=spiral&networkShape=8,8"), undefined]);
});
