// What data of each kind can do: whoever draws them, asks for them or writes of them looks here, and compares no kinds.

import type { Kind } from "./types";

export interface DataKind {
  /** Of the domain that maps are drawn over: 2 for points of the plane, 1 for points of a line, 0 where a row is no point. */
  readonly dimensions: 0 | 1 | 2;
  /** A row is an image, its inputs are pixels: one picture stands for all of them, and its classes have names of their own. */
  readonly image: boolean;
  /** Rows are the caller's own. */
  readonly own: boolean;
}

/** What the data of a model, a data set or points can do; without any, nothing. Comparisons, because a table of objects is larger after gzip. */
export const dataOf = (of: { kind: Kind } | null | undefined): DataKind => ({
  dimensions: of?.kind === "plane" ? 2 : of?.kind === "line" ? 1 : 0,
  image: of?.kind === "digits",
  own: of?.kind === "custom",
});
