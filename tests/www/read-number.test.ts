// One way to read a typed number for the whole page: what is plain to a reader is read, what is not is refused, and never read as another.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { readNumber } from "../../www/ui/read-number.js";

const READ: [string, number][] = [
  ["0.03", 0.03], ["0,03", 0.03], [".03", 0.03], [",03", 0.03], ["3.", 3], ["0", 0], ["007", 7], ["+5", 5], ["-0.25", -0.25], ["  0.5\t", 0.5],
  // The scripts and punctuation of Chinese, Japanese, Arabic, Persian and Hindi keyboards.
  ["０．０３", 0.03], ["０，０３", 0.03], ["0。03", 0.03], ["0、03", 0.03], ["－１．５", -1.5], ["１ｅ－３", 0.001], ["٠٫٠٣", 0.03], ["۱۲۳٬۴۵۶", 123456], ["०.५", 0.5], ["５０％", 0.5],
  // Every minus.
  ["−0.25", -0.25], ["–0.25", -0.25], ["—2", -2], ["‐2", -2], ["‑2", -2], ["ー2", -2], ["- 2", -2],
  // Exponents, as figures of this page have them too.
  ["1e-3", 0.001], ["1E-3", 0.001], ["1.5e−5", 1.5e-5], ["2e+3", 2000], ["1,5e-3", 0.0015], ["3×10⁻⁴", 3e-4], ["3 x 10^-4", 3e-4], ["10⁻³", 1e-3], ["10^3", 1000], ["-10^-2", -0.01], ["1.2·10^5", 120000], ["1e -3", 0.001],
  // Thousands: as the page writes them, and as others do.
  ["1,234", 1234], ["12,345,678", 12345678], ["1,234.5", 1234.5], ["1.234,5", 1234.5], ["1.234.567", 1234567], ["1.234.567,8", 1234567.8], ["1 234.5", 1234.5], ["1\u202f234,5", 1234.5], ["1\u00a0000", 1000],
  ["1'000", 1000], ["1’000.5", 1000.5], ["1_000", 1000], ["1,00,000", 100000], ["１，２３４", 1234],
  // One comma with three digits that cannot be thousands.
  ["0,125", 0.125], ["-0,125", -0.125], ["1234,567", 1234.567], ["12,50", 12.5], ["1,2345", 1.2345], ["1.000", 1],
  ["5%", 0.05], ["5 %", 0.05], ["\u200b0.03\u200e", 0.03], ["\ufeff7", 7],
];

test("what_a_reader_reads_is_read", () => {
  for (const [text, value] of READ) assert.equal(readNumber(text), value, JSON.stringify(text));
});

test("what_is_no_number_is_refused_and_never_another_number", () => {
  for (const text of ["", " ", "abc", "1a", "a1", "0x10", "1/3", "1,2,3", "1.2.3", "1,23,45", "1,2345,678", "1 2", "1 23", "--1", "+-1", "1-2", "1e", "e3", "1e1.5", "1e999", "NaN", "Infinity", "-", ".", ",", "%", "1%%",
    "1,,000", "1..5", "1.5,000.2", "3²", "5e5e5", "1;5", "①", "½", "一", "1,234,56", "0b1", "1\n2", "null", "1,234 567", "1 234,567.8"]) {
    assert.equal(readNumber(text), null, JSON.stringify(text));
  }
});

test("a_comma_is_decimal_where_the_language_says_so", () => {
  assert.equal(readNumber("1,234", { language: "de" }), 1.234);
  assert.equal(readNumber("1.234", { language: "de" }), 1234);
  assert.equal(readNumber("0.001", { language: "de" }), 0.001);
  assert.equal(readNumber("1.234", { language: "zh-CN" }), 1.234);
});

test("a_share_is_typed_in_per_cent_without_a_rounding_of_its_own", () => {
  for (let share = 0; share <= 1000; share += 1) assert.equal(readNumber(`${share / 10}`, { percent: true }), Number(`${share}e-3`));
  assert.equal(readNumber("12,5 %", { percent: true }), 0.125);
});

test("what_the_page_writes_it_reads", () => {
  const values = [0, 1, -1, 0.03, 1234, -1234.5, 1e-7, 123456789, 0.001234, 1e20, 999, 1000, -0.25];
  for (const language of ["en", "zh-CN", "de", "fr", "hi", "ar-EG", "fa", "de-CH"]) {
    const format = new Intl.NumberFormat(language, { maximumFractionDigits: 12 });
    for (const value of values) assert.equal(readNumber(format.format(value), { language }), value, `${language}: ${format.format(value)}`);
  }
});

test("no_other_reading_of_typed_numbers_is_in_the_page", () => {
  // A box for numbers has an inputmode of digits: it stands in one file.
  const www = fileURLToPath(new URL("../../www/", import.meta.url));
  const files = readdirSync(www, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const boxes = files.filter((name) => /inputmode|type="number"/.test(readFileSync(join(www, name), "utf8")));
  assert.deepEqual(boxes, [join("ui", "number-fields.ts")]);
});
