/** A number as people type it, in whatever script and by whatever habit. */

/** What stands for minus: hyphens, dashes, the true minus and its small one, the long mark of a Japanese keyboard. */
const MINUS = /[\u2010-\u2015\u2212\u207b\ufe58\ufe63\uff0d\u30fc]/g;
/** What separates groups of digits besides comma and point: spaces of every width, apostrophes, low lines. */
const GAP = /[\s'\u2018\u2019\u02bc_]/;
/** What is not seen: marks of byte order and direction, joiners, soft hyphens; they come along when a number is copied. */
const UNSEEN = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Digits of other scripts, by their zero: Arabic, Persian, Devanagari. Full-width ones are whole ASCII moved. */
const ZEROS = [0x660, 0x6f0, 0x966];
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * Reads `0.03`, `0,03`, `０．０３`, `0。03`, `−1.5e−3`, `3×10⁻⁴`, `1,234.5`, `1.234,5`, `1 234.5`, `5%` (0.05); null where it is no number.
 * With `percent` what is typed is in per cent, with or without the sign.
 *
 * One comma with three digits behind it separates thousands, as the page itself writes them, unless the comma is the language's
 * decimal sign or no more than a 0 stands before it; any other single comma or point is a decimal sign.
 */
export function readNumber(typed: string, { language = "en", percent = false } = {}): number | null {
  const text = plain(typed.replace(UNSEEN, "")).trim();
  const [, sign = "", digits = "", power = "0", cent = ""] = /^([+-]?)\s*(.*?)(?:\s*e\s*([+-]?\d{1,5}))?\s*(%?)$/i.exec(text) ?? [];
  const number = decimal(digits, decimalSign(language));
  if (number === null) return null;
  const value = Number(`${sign}${number}e${Number(power) - (percent || cent ? 2 : 0)}`);
  return Number.isFinite(value) ? value : null;
}

/** Digits and signs of the scripts that our readers' keyboards write, as ASCII's; powers of ten as exponents. */
function plain(text: string): string {
  return text
    .replace(MINUS, "-")
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, (digit) => {
      const code = digit.charCodeAt(0);
      return String(code - ZEROS.findLast((zero) => zero <= code)!);
    })
    .replace(/[\u3002\uff61]/g, ".").replace(/[\u066b\u3001\uff64]/g, ",").replace(/\u066c/g, "'").replace(/\u066a/g, "%")
    .replace(/[⁰¹²³⁴-⁹]/g, (digit) => `^${SUPERSCRIPTS.indexOf(digit)}`)
    // 3×10⁻⁴ has become 3×10-^4 by now, and 10² 10^2; a power needs its ten.
    .replace(/(^|[+-]|[\s×·*x])\s*10\s*\^?(-?)((?:\^?\d)+)$/i, (whole, before: string, minus: string, power: string) =>
      (/\^/.test(whole) ? `${/[+-]/.test(before) || before === "" ? `${before}1` : ""}e${minus}${power.replaceAll("^", "")}` : whole));
}

/** Digits with one point; null where groups and signs do not add up. */
function decimal(text: string, own: string): string | null {
  const marks = [...text].filter((each) => each === "." || each === ",");
  const last = marks.at(-1);
  const several = marks.filter((each) => each === last).length > 1;
  const [whole = "", behind = ""] = last === undefined || several ? [text] : [text.slice(0, text.lastIndexOf(last)), text.slice(text.lastIndexOf(last) + 1)];
  // One mark alone: the other language's may separate thousands.
  const isGroup = several || (marks.length === 1 && last !== own && /^[1-9]\d{0,2}$/.test(whole) && /^\d{3}$/.test(behind));
  if (isGroup) return ungrouped(text);
  const front = whole === "" ? "" : ungrouped(whole);
  if (front === null || !/^\d*$/.test(behind) || front + behind === "") return null;
  return `${front || "0"}.${behind || "0"}`;
}

/** Digits without what separates their groups, of one kind; null where the groups have not three digits (or two, as in India, before the last). */
function ungrouped(text: string): string | null {
  if (/^\d+$/.test(text)) return text;
  const mark = [...text].find((each) => !/\d/.test(each))!;
  if (mark !== "." && mark !== "," && !GAP.test(mark)) return null;
  const [first = "", ...groups] = text.split(mark);
  const fits = /^\d{1,3}$/.test(first) && groups.every((group, at) => (at === groups.length - 1 ? /^\d{3}$/ : /^\d{2,3}$/).test(group));
  return fits ? first + groups.join("") : null;
}

function decimalSign(language: string): string {
  return new Intl.NumberFormat(language).formatToParts(0.5).find(({ type }) => type === "decimal")?.value ?? ".";
}
