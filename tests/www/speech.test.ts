// Languages are found, not listed: a third dictionary is one more file. Both dictionaries say the same things.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Speech } from "../../www/i18n/speech.js";

const folder = new URL("../../www/i18n/", import.meta.url);
const read = (name: string): Record<string, string> => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();

/** The dictionaries as the bundler hands them over, and how often each was fetched. */
function speech(extra: Record<string, Record<string, string>> = {}): { speech: Speech; fetched: string[] } {
  const fetched: string[] = [];
  const all = { ...Object.fromEntries(files.map((name) => [name.slice(0, -5), read(name)])), ...extra };
  const sources = Object.fromEntries(Object.entries(all).map(([language, words]) => [language, async () => {
    fetched.push(language);
    return words;
  }]));
  return { speech: new Speech(sources, "en"), fetched };
}

test("every_dictionary_has_the_same_keys_and_placeholders", () => {
  const english = read("en.json");
  assert.ok(files.length >= 2 && Object.keys(english).length > 300);
  for (const name of files) {
    const words = read(name);
    assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort(), name);
    for (const [key, text] of Object.entries(words)) {
      assert.deepEqual(placeholders(text), placeholders(english[key]!), `${name}: ${key}`);
      if (key !== "ui.sentence_gap") assert.notEqual(text.trim(), "", `${name}: ${key}`);
    }
  }
});

test("a_third_language_is_one_more_file", async () => {
  const { speech: it } = speech({ fr: { "ui.play": "Lancer", "ui.epoch_count": "{count} époques" } });
  assert.deepEqual(it.languages, ["en", "fr", "zh-CN"]);
  assert.equal(it.preferred(["fr-CA", "en"]), "fr");
  assert.equal(it.nameOf("fr"), "français");
  await it.load("fr");
  assert.equal(it.lookUp("fr", "ui.play"), "Lancer");
  assert.equal(it.lookUp("fr", "ui.epoch_count", { count: 1234.5 }), "1\u202f234,5 époques");
});

test("only_the_language_spoken_is_fetched_and_only_once", async () => {
  const { speech: it, fetched } = speech();
  await Promise.all([it.load("zh-CN"), it.load("zh-CN")]);
  assert.equal(it.lookUp("zh-CN", "ui.pause"), "暂停");
  assert.deepEqual(fetched, ["zh-CN"]);
});

test("while_a_dictionary_is_on_its_way_the_words_of_the_other_are_shown", async () => {
  const { speech: it, fetched } = speech();
  assert.equal(it.ready, false);
  await it.load("en");
  assert.equal(it.lookUp("zh-CN", "ui.pause"), "Pause");
  await it.load("zh-CN");
  assert.equal(it.lookUp("zh-CN", "ui.pause"), "暂停");
  assert.deepEqual(fetched, ["en", "zh-CN"]);
});

test("a_dictionary_that_could_not_be_had_is_asked_for_again", async () => {
  let tries = 0;
  const it = new Speech({ en: async () => {
    tries += 1;
    if (tries === 1) throw new Error("offline");
    return { hello: "Hello" };
  } }, "en");
  await assert.rejects(it.load("en"), /offline/);
  await it.load("en");
  assert.equal(it.lookUp("en", "hello"), "Hello");
  await assert.rejects(it.load("xx"), RangeError);
});

test("the_visitors_language_is_the_first_that_is_there", () => {
  const { speech: it } = speech();
  assert.equal(it.preferred(["de", "zh-TW", "en"]), "zh-CN");
  assert.equal(it.preferred(["EN-gb"]), "en");
  assert.equal(it.preferred(["de"]), "en");
  assert.equal(it.nameOf("zh-CN"), "中文");
  assert.equal(it.nameOf("en"), "English");
});

test("between_chinese_and_latin_stands_a_space_and_chinese_has_its_own_punctuation", async () => {
  const { speech: it } = speech();
  await it.load("zh-CN");
  const say = (key: string, values: Record<string, string | number>) => it.lookUp("zh-CN", key, values);
  const layer = say("view.network.hidden", { index: 1 })!;
  assert.equal(say("view.network.activation", { layer }), "隐藏层 1 的激活函数");
  assert.equal(say("view.network.activation", { layer: "输出层" }), "输出层的激活函数");
  assert.equal(say("error.out_of_range", { field: "β₁", min: 0, max: 1, value: "2" }), "β₁ 必须在 0 到 1 之间；2 超出范围，已保留原值。");
  for (const [key, text] of Object.entries(read("zh-CN.json"))) {
    assert.doesNotMatch(text, /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u, `${key} lacks a space`);
    assert.doesNotMatch(text, /\p{Script=Han}[,.;:?!]|[,;:?!]\p{Script=Han}/u, `${key} has Latin punctuation`);
    // 精度 may be accuracy or precision: 准确率 and 精确率 are clear.
    assert.ok(!text.includes("精度"), key);
  }
});

test("per_cent_is_written_as_the_language_does", () => {
  const { speech: it } = speech();
  assert.equal(it.percent("zh-CN", 0.938, 1, 1), "93.8%");
  assert.equal(it.percent("en", 1, 1, 1), "100.0%");
  assert.match(it.percent("fr", 0.5, 0, 0), /^50\s%$/u);
});
