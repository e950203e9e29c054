// What is fetched later: a failure is seen, nothing is lost by it, and it is asked for again, under another address in the end.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mock, test } from "node:test";
import { address } from "../../www/ui/address.js";
import { askAgain, isLacking, lazy } from "../../www/ui/lazy.js";

/** A piece whose fetches end as the list says; then it is there. */
function piece(...ends: ("fail" | "hang")[]): { it: ReturnType<typeof lazy<string>>; asked: string[] } {
  const asked: string[] = [];
  const it = lazy(async () => {
    asked.push(address.again);
    const end = ends.shift();
    if (end === "hang") await new Promise(() => {});
    if (end === "fail") throw new TypeError("Failed to fetch dynamically imported module");
    return "there";
  });
  return { it, asked };
}
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

test("it_is_fetched_once", async () => {
  const { it, asked } = piece();
  assert.equal(it.value, null);
  assert.deepEqual(await Promise.all([it.get(), it.get()]), ["there", "there"]);
  assert.equal(it.want(), "there");
  assert.equal(it.value, "there");
  assert.deepEqual(asked, [""]);
  assert.equal(isLacking.value, false);
});

test("a_failure_is_seen_and_asked_again_under_the_same_address_and_then_another", async () => {
  const { it, asked } = piece("fail", "fail");
  const told: string[] = [];
  assert.equal(it.want((value) => told.push(value)), null);
  await settled();
  assert.equal(isLacking.value, true);
  it.want((value) => told.push(value));
  await settled();
  assert.deepEqual(asked, [""], "who only waits does not ask again");
  askAgain();
  await settled();
  assert.deepEqual(asked, ["", "", "?again=2"]);
  assert.equal(address.again, "", "nobody else's address is another");
  assert.deepEqual(told, ["there", "there"], "who waited since before the failure is told");
  assert.equal(isLacking.value, false);
  assert.equal(await it.eventually(), "there");
});

test("who_wants_it_now_asks_again_by_that", async () => {
  const { it, asked } = piece("fail", "fail", "fail", "fail", "fail");
  await assert.rejects(it.get(), TypeError);
  await assert.rejects(it.get(), TypeError);
  await assert.rejects(it.get(), TypeError);
  assert.equal(await it.get(), "there");
  assert.deepEqual(asked, ["", "", "?again=2", "", "?again=3", ""]);
  assert.equal(isLacking.value, false);
});

test("one_that_hangs_has_failed_after_a_while", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { it } = piece("hang");
  const wanted = it.get();
  mock.timers.tick(30_000);
  await assert.rejects(wanted, /in time/);
  assert.equal(isLacking.value, true);
  mock.timers.reset();
  assert.equal(await it.get(), "there");
  assert.equal(isLacking.value, false);
});

test("the_page_has_no_other_loader_and_the_build_gives_every_address_its_second", () => {
  const www = fileURLToPath(new URL("../../www/", import.meta.url));
  const files = readdirSync(www, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts") && !/^(engine|wasm)/.test(name));
  const loose = files.filter((name) => readFileSync(join(www, name), "utf8").split("\n").some((line) => /(?<!typeof )import\(["'`]/.test(line) && !line.includes("lazy(")));
  // The service worker's registration needs nobody to know whether it came.
  assert.deepEqual(loose, [join("app", "main.ts")]);
  const assets = fileURLToPath(new URL("../../dist/assets/", import.meta.url));
  const main = readdirSync(assets).find((name) => /^index-.*\.js$/.test(name))!;
  const calls = readFileSync(join(assets, main), "utf8").match(/import\(["'`]\.\/[^)]*\)/g) ?? [];
  assert.ok(calls.length > 15, `${calls.length}`);
  assert.deepEqual(calls.filter((call) => !call.includes(".address.again")), []);
});
