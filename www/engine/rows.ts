// Rows of numbers in the forms that callers have them.

import { engineError } from "./errors";

export type Rows = Float32Array | Float64Array | readonly number[] | readonly (readonly number[])[];

/** Row-major numbers and their columns. Without `columns`, a flat list is one column. */
export function flatten(field: string, rows: Rows, columns?: number): { data: Float32Array; columns: number } {
  const first = rows[0];
  if (typeof first !== "object") {
    return { data: Float32Array.from(rows as ArrayLike<number>), columns: columns ?? 1 };
  }
  const width = columns ?? first.length;
  const nested = rows as readonly (readonly number[])[];
  nested.forEach((row, index) => {
    if (row.length !== width) {
      const values = { expected: `${width} columns`, found: `${row.length} in row ${index}` };
      throw engineError("mismatch", field, `${field}: expected ${values.expected}, found ${values.found}`, values);
    }
  });
  return { data: Float32Array.from(nested.flat()), columns: width };
}

/** Row-major numbers, a typed array as it is. */
export function rowsOf(field: string, rows: Rows): Float32Array {
  return rows instanceof Float32Array ? rows : flatten(field, rows).data;
}
