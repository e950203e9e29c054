// Run as a program of its own: decodes one hostile link and prints how far the process's memory rose.

import { deflateRawSync } from "node:zlib";

import { decodeLink } from "../../../www/links/index";

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const own = (text: string | Uint8Array): string => `#c=1.${base64url(deflateRawSync(text, { level: 9 }))}`;
/** A link of so many characters, all of which inflate to 1,030 times as many bytes. */
function bomb(characters: number): string {
  const unit = deflateRawSync(new Uint8Array(64_000_000), { level: 9, finishFlush: 2 });
  const bytes = new Uint8Array(Math.floor((characters * 3) / 4));
  for (let at = 0; at + unit.length <= bytes.length; at += unit.length) bytes.set(unit, at);
  return `#c=1.${base64url(bytes)}`;
}
const million = (text: string, times = 1_000_000): string => text.repeat(times);

const LINKS: Record<string, () => string> = {
  "two million characters that inflate to 1.5 GB": () => bomb(1_990_000),
  "a megabyte of zeros": () => own(new Uint8Array(1_000_000)),
  "lists in lists": () => own(`{"config":${million("[")}`),
  "objects in objects": () => own(`{"config":${million('{"a":')}`),
  "a million empty lists": () => own(`{"hidden":[${million("[],")}[]]}`),
  "a million numbers": () => own(`{"hidden":[${million("0,")}0]}`),
  "one long text": () => own(`{"weights":"${million("A", 3_900_000)}"}`),
  "one text too long": () => own(`{"weights":"${million("A", 7_900_000)}"}`),
  "a text of escapes": () => own(`{"weights":"${million("\\u0041", 600_000)}"}`),
  "three million characters": () => `#c=1.${million("A", 3_000_000)}`,
  "a shape of a million layers": () => `#networkShape=${million("1,")}1`,
  "a million pairs": () => `#activation=tanh${million("&a=b")}`,
};

const [, , name] = process.argv;
if (!name) {
  console.log(JSON.stringify(Object.keys(LINKS)));
} else {
  const link = LINKS[name]!();
  // What making the link took, and the code itself, is not the page's.
  await decodeLink("#c=1.q1YqSCwqTi1Ssqqu1VFKSyzOVrKqBQA").catch(() => {});
  globalThis.gc!();
  // The peak so far is set back where the system can do that; else only growth beyond it is seen.
  const { writeFileSync, readFileSync } = await import("node:fs");
  const peak = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))![1]) / 1024;
  writeFileSync("/proc/self/clear_refs", "5");
  const before = peak();
  const outcome = await decodeLink(link).then(() => "accepted", (error: { code?: string; field?: string }) => `${error.code} ${error.field}`);
  console.log(JSON.stringify({ outcome, megabytes: peak() - before }));
}
