// Rows of numbers in the forms that callers have them. Every value is looked at: JavaScript makes numbers of null, "" and true.

import { engineError } from "./errors";
import type { EngineError } from "./errors";
import { described, isList, malformed } from "./kinds";

export type Numbers = Float32Array | Float64Array | Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array | readonly number[];
export type Rows = Numbers | readonly Numbers[];

/** Most bytes of numbers at a time. The engine has limits of its own; this one is before any memory is taken. */
const MAX_BYTES = 2 ** 27;

/** Row-major numbers. `columns` is what lists in the list have, or what was given; undefined for a flat list without. */
export interface Matrix {
  data: Float32Array | Float64Array;
  columns: number | undefined;
}

function notFinite(field: string, row: number, column: number, value: unknown): EngineError {
  const message = `${field}: row ${row}, column ${column} is not a finite number but ${described(value)}`;
  return engineError("not_finite", field, message, { row: String(row), column: String(column) });
}

/**
 * A copy of `rows` in single precision where that holds every value, else in double: what is scaled is scaled before it is
 * narrowed. `width` tells where a flat list's rows end, for what is said of a wrong value.
 */
export function matrix(field: string, rows: unknown, columns?: number, width = columns ?? 1): Matrix {
  if (!isList(rows)) throw malformed(field, "a list of rows or of numbers", rows);
  if (!Array.isArray(rows)) return { data: numbers(field, rows as ArrayLike<number>, width), columns };
  const first: unknown = rows[0];
  if (!isList(first)) return { data: numbers(field, rows as ArrayLike<unknown>, width), columns };
  const wide = columns ?? first.length;
  const { length } = rows;
  bounded(field, length * wide);
  const data = new Float64Array(length * wide);
  for (let row = 0; row < length; row += 1) {
    const values: unknown = rows[row];
    if (!isList(values)) throw notFinite(field, row, 0, values);
    if (values.length !== wide) {
      const found = `${values.length} in row ${row}`;
      throw engineError("mismatch", field, `${field}: expected ${wide} columns, found ${found}`, { expected: `${wide} columns`, found, row: String(row) });
    }
    fill(field, values, data, row * wide, wide);
  }
  return { data: narrowest(data), columns: wide };
}

function numbers(field: string, values: ArrayLike<unknown>, columns: number): Matrix["data"] {
  bounded(field, values.length, values instanceof Float32Array ? 4 : 8);
  if (values instanceof Float32Array) return values.slice();
  const data = new Float64Array(values.length);
  fill(field, values, data, 0, columns);
  return narrowest(data);
}

function fill(field: string, values: ArrayLike<unknown>, data: Float64Array, start: number, columns: number): void {
  const { length } = values;
  for (let at = 0; at < length; at += 1) {
    const value = values[at];
    if (typeof value !== "number" || !Number.isFinite(value)) throw notFinite(field, Math.floor((start + at) / columns), (start + at) % columns, value);
    data[start + at] = value;
  }
}

function bounded(field: string, count: number, bytes = 8): void {
  const max = MAX_BYTES / bytes;
  if (count <= max) return;
  throw engineError("out_of_range", field, `${field}: ${count} values are more than ${max}`, { value: String(count), min: "0", max: String(max) });
}

function narrowest(data: Float64Array): Matrix["data"] {
  return data.every((value) => Math.fround(value) === value) ? Float32Array.from(data) : data;
}

/** One number for each row. */
export function column(field: string, rows: unknown): Matrix["data"] {
  const { data, columns = 1 } = matrix(field, rows);
  if (columns === 1) return data;
  throw engineError("mismatch", field, `${field}: expected one number a row, found ${columns}`, { expected: "one number a row", found: String(columns) });
}

/** What each row is used for: 0, 1 or 2. */
export function parts(value: unknown, field: string): Uint8Array {
  if (!isList(value)) throw malformed(field, "a list of 0, 1 and 2", value);
  bounded(field, value.length);
  const given = new Uint8Array(value.length);
  for (let row = 0; row < given.length; row += 1) {
    const part = value[row];
    if (part !== 0 && part !== 1 && part !== 2) {
      const message = `${field}: row ${row} is neither 0 (training), 1 (validation) nor 2 (test) but ${described(part)}`;
      throw engineError("mismatch", field, message, { expected: "0, 1 or 2", found: `${described(part)} in row ${row}`, row: String(row), column: "0" });
    }
    given[row] = part;
  }
  return given;
}
