// What data of a kind can do, a row for each: whoever draws them, asks for them or writes of them looks here, and compares no kinds.

import type { Kind } from "./types";

export interface DataKind {
  /** Of the domain that maps are drawn over: 2 for points of the plane, 1 for points of a line, 0 where a row is no point. */
  readonly dimensions: 0 | 1 | 2;
  /** A row is an image, its inputs are pixels: one picture stands for all of them, and its classes have names of their own. */
  readonly image: boolean;
  /** Rows are the caller's own. */
  readonly own: boolean;
}

const NONE: DataKind = { dimensions: 0, image: false, own: false };
const KINDS: Readonly<Record<Kind, DataKind>> = {
  plane: { ...NONE, dimensions: 2 },
  line: { ...NONE, dimensions: 1 },
  digits: { ...NONE, image: true },
  custom: { ...NONE, own: true },
};

/** The row for a model's data, a data set or points; of nothing there is nothing to do. */
export const dataOf = (of: { kind: Kind } | null | undefined): DataKind => (of ? KINDS[of.kind] : NONE);
