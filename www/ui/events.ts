// The views' elements, and every event they send, by name. All events bubble and cross shadow boundaries.
//
// Every view takes t, theme ("light" | "dark") and language. Beyond that:
//   <np-network-view>     catalog config summary frame selection hovered playing parameter gradients control   (draws its own heading and caption)
//   <np-output-view>      summary frame points hovered discretize showValidation showTest   (draws its own heading and caption)
//   <np-curves-view>      summary frame logScale
//   <np-digits-view>      frame summary predict: (pixels: Float32Array) => Promise<Float32Array>; pad (default true)
//   <np-drawing-pad>      frame predict    (inside the digits view when its `pad` is true; may stand alone)
//   <np-activation-view>  activation: Choice, curve: (activation) => Promise<{ x, value, derivative }>
//   <np-confusion-view>   counts: Float32Array | number[] (truth-major, classes²), names: string[]

/** A neuron: layer 0 is the input, then the hidden layers, then the output. */
export interface Unit {
  layer: number;
  unit: number;
}

export type { ControlId, ControlState } from "../state/control-policy.js";

export interface ViewEvents {
  "select-unit": Unit | null;
  "hover-unit": Unit | null;
  /** A new hidden layer before hidden layer `at` (0 = first). */
  "add-layer": { at: number };
  /** `hidden` counts hidden layers from 0. */
  "remove-layer": { hidden: number };
  "change-units": { hidden: number; units: number };
  /** `hidden: null` is the output layer. */
  "choose-activation": { hidden: number | null; activation: string };
  /** As the engine's set_parameter: layer 0 is the first layer with weights; `input: null` is the bias. */
  "edit-parameter": { layer: number; unit: number; input: number | null; value: number };
  /** The weight or bias whose card is open; null closes it. */
  "choose-parameter": { layer: number; unit: number; input: number | null } | null;
  "toggle-gradients": { on: boolean };
  "choose-bent": { layer: number; across: number; up: number };
  "toggle-log-scale": { on: boolean };
  /** 784 values from 0 to 1, centred and scaled as in MNIST; null when the pad is empty. */
  "draw-digit": { pixels: Float32Array | null };
}
