/** The files that a program reads: the rows as CSV, and the weights of step 0 as JSON. */

import { dataOf } from "../../engine/data-kinds.js";
import type { CustomData } from "../../engine/index.js";
import type { NamedTensor, Points } from "../../engine/types.js";

/** Nine digits tell every single-precision number from its neighbours. */
const number = (value: number): string => (Number.isNaN(value) ? "nan" : String(Number(value.toPrecision(9))));

/** `x1,x2,label,part`; `x,label,part` for points on a line. The label of a sealed test point is `nan`. */
export function pointsFile(points: Points): string {
  const plane = dataOf(points).dimensions === 2;
  const rows = Array.from(points.x, (x, row) => [number(x), ...(plane ? [number(points.y[row]!)] : []), number(points.label[row]!), points.split[row]].join(","));
  return `${[plane ? "x1,x2,label,part" : "x,label,part", ...rows].join("\n")}\n`;
}

/** `c1,...,target` and, where the rows came with their parts, `part`. */
export function ownFile({ inputs, columns, targets, split }: CustomData, count: number): string {
  const cells = ArrayBuffer.isView(inputs) ? (inputs as unknown as ArrayLike<number>) : null;
  const label = targets as ArrayLike<number>;
  const width = columns ?? count;
  const cell = (row: number, column: number): number => (cells ? cells[row * width + column]! : (inputs as ArrayLike<ArrayLike<number>>)[row]![column]!);
  const rows = Array.from(label, (target, row) => [...Array.from({ length: width }, (_, column) => number(cell(row, column))), number(target), ...(split ? [split[row]] : [])].join(","));
  const names = [...Array.from({ length: width }, (_, column) => `c${column + 1}`), "target", ...(split ? ["part"] : [])];
  return `${[names.join(","), ...rows].join("\n")}\n`;
}

/** Tensors by name, weights `(outputs, inputs)` as lists of rows. */
export function startFile(tensors: readonly NamedTensor[]): string {
  const nested = ({ shape, data }: NamedTensor): unknown => {
    const values = Array.from(data, (value) => Number(value.toPrecision(9)));
    const [, inputs] = shape;
    return inputs === undefined ? values : Array.from({ length: shape[0]! }, (_, row) => values.slice(row * inputs, (row + 1) * inputs));
  };
  return JSON.stringify(Object.fromEntries(tensors.map((tensor) => [tensor.name, nested(tensor)])));
}
