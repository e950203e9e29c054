// Stands in for the wasm module's own types until it is built; then the real ones are found first.

declare module "*/neural_playground.js" {
  import type { Session as SessionInterface } from "./session";
  export default function init(options: { module_or_path: string | URL | BufferSource }): Promise<{ memory: WebAssembly.Memory }>;
  export const place_code: (code: unknown) => number;
  export const Session: new () => SessionInterface;
}

declare module "*/neural_playground_gpu.js" {
  export default function init(options: { module_or_path: string | URL | BufferSource }): Promise<unknown>;
}
