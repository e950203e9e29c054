/**
 * What becomes of links on their way: mail programs, chats, notes and redirects escape, wrap, quote and decorate them. Here that is taken
 * back; what was meant is told by whoever reads the result, and nothing is guessed that could be another figure.
 */

/** What has no width: it comes along with copied text, or is put in by pages so that long words break. */
const UNSEEN = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Hyphens that typography makes of a plain one. Longer dashes stand for two as well: see `payloads`. */
const HYPHENS = /[\u2010-\u2012\u2212\ufe63]/g;
/** Escaped so many times at most. */
const DEPTH = 6;
const ENTITIES: Record<string, string> = { amp: "&", equals: "=", num: "#", period: ".", lowbar: "_", hyphen: "-", dash: "-", comma: ",", percnt: "%", quest: "?", sol: "/", colon: ":", lt: "<", gt: ">", quot: '"', nbsp: " ", shy: "" };
/** What measures visitors and is appended to links: no part of anybody's figure. */
const TRACKING = /^(utm_\w*|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_[ce]id|_hsenc|_hsmi|_gl|spm|vero_id|mkt_tok|ref|ref_src|source|from|isappinstalled|share_token|si|sa|ved|usg|sdata|reserved)$/i;

export const isTracking = (name: string): boolean => TRACKING.test(name);

/** A link as it was written, whatever was done to it as a whole. */
export function unescaped(text: string): string {
  let plain = narrow(unquoted(text.replace(UNSEEN, "")));
  for (let depth = 0; depth < DEPTH; depth += 1) {
    const before = plain;
    // A line may have been broken inside an escape.
    plain = unquoted(plain).replace(/(%[\da-f]?)[\r\n]+[\s>|]*(?=[\da-f])/gi, "$1");
    // A redirect carries the address in one of its own values: what else it says is not the link's.
    const inner = /[?&;][\w.-]+=([^&#\s"'<>]*%(?:25)*23[^&#\s"'<>]*)/i.exec(plain.replace(BROKEN, ""));
    plain = percent(inner ? inner[1]! : plain);
    plain = plain.replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]+));/gi, (whole, tens?: string, hex?: string, name?: string) =>
      (name ? ENTITIES[name.toLowerCase()] ?? whole : String.fromCodePoint(Math.min(0x10ffff, tens ? Number(tens) : Number.parseInt(hex!, 16)))));
    // A page that was given "&regDataset" bare has made of it what "&reg" means there.
    plain = plain.replaceAll("\u00ae", "&reg");
    if (plain === before) break;
    plain = narrow(plain.replace(UNSEEN, ""));
  }
  return plain.replaceAll("\\", "");
}

/** Quoted-printable, as mail is stored: "=" is "=3D", and a line that goes on ends in "=". */
function unquoted(text: string): string {
  const quoted = /(?:^|[#&?])\w+=3D/.test(text) || (/=[ \t]*\r?\n/.test(text) && !/=(?!3D|[ \t]*\r?\n)/.test(text));
  return quoted ? text.replace(/=[ \t]*\r?\n/g, "").replace(/=3D/g, "=") : text;
}

/** Full-width letters and signs as a Chinese or Japanese keyboard writes them. */
function narrow(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)).replace(/[\u3002\uff61]/g, ".").replace(HYPHENS, "-");
}

/** What can be decoded is; a lone `%` stays. */
function percent(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run.replace(/%([2-7][\da-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    }
  });
}

/** Where text goes on after a line was broken, quoted perhaps; most pieces that are tried one by one. */
const BROKEN = /[\r\n]+[\s>|]*/g;
const BREAK = /[\r\n]+[\s>|]*|\s+/;
const PIECES = 24;
/** What automatic linking leaves out at the end, and what emphasis adds there. */
const LOST = ["-", "_", "--", "-_", "_-", "__"];

/**
 * What the text after `c=1.` may have been, the likeliest first. A payload ends by itself (deflate has an end, and JSON), so text that
 * was glued to it, or is missing, is told from it by trying.
 */
export function payloads(text: string): { plain: string[]; completed: string[] } {
  const dashes = /[\u2013-\u2015]/.test(text) ? [["-", "--"], ["--", "--"], ["-", "-"], ["--", "---"]] : [["", ""]];
  const plain = new Set<string>();
  for (const [short, long] of dashes) {
    const pieces: string[] = [];
    for (const piece of text.replace(/\u2013/g, short!).replace(/[\u2014\u2015]/g, long!).trimStart().split(BREAK)) {
      const own = /^[A-Za-z0-9_-]*/.exec(piece)![0];
      if (own) pieces.push(own);
      if (own.length < piece.length) break;
    }
    plain.add(pieces.join(""));
    for (let count = 1; count < Math.min(pieces.length, PIECES); count += 1) plain.add(pieces.slice(0, count).join(""));
  }
  const trimmed = [...plain].map((each) => each.replace(/[_-]+$/, ""));
  const completed = [...plain].slice(0, dashes.length).flatMap((each) => LOST.map((end) => each + end));
  return { plain: [...new Set([...plain, ...trimmed])], completed };
}

/** A hash of `name=value` pairs without what was put behind it, before it or into it. `fits` tells whether a value can be that name's. */
export function pairsText(text: string, fits: (name: string, value: string) => boolean): string {
  const pieces = text.replace(/\u2013|\u2014/g, "-").replace(/:~:.*$/s, "").trim().split(BREAK);
  // Wrapped lines go on with pairs; the last piece may be the end of a value or the next word of a sentence.
  let joined = pieces[0] ?? "";
  for (const [at, piece] of pieces.entries()) {
    if (at === 0) continue;
    const last = /([^&=]*)=([^&=]*)$/.exec(bare(joined + piece));
    if (!pieces.slice(at).some((each) => each.includes("=")) && !(last && fits(last[1]!, last[2]!))) break;
    joined += piece;
  }
  return bare(joined.replace(/^[#\s"'(<[]+/, "").replaceAll("?", "&"));
}

/** Without the punctuation of the sentence around. */
export function bare(text: string): string {
  return text.replace(/[\s.,;:!?'"`()[\]{}<>*|~\u2018-\u201f\u2026\u3001\u3008-\u3011\u00ab\u00bb]+$/, "");
}
