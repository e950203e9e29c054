// What stands for the wasm module's own types where those are not built yet, and for a factory of it (scripts/package-files.ts).

declare module "*/neural_playground.js" {
  import type { Session as SessionInterface } from "./session";
  export default function init(options: { module_or_path: string | URL | BufferSource }): Promise<{ memory: WebAssembly.Memory }>;
  export const place_code: (code: unknown) => number;
  export const Session: new () => SessionInterface;
}

/** Another instance of the module with every call. */
declare module "*/neural_playground.js?instance" {
  import type { Session as SessionInterface } from "./session";
  export default function instance(): {
    init(options: { module_or_path: string | URL | BufferSource }): Promise<{ memory: WebAssembly.Memory }>;
    place_code(code: unknown): number;
    Session: new () => SessionInterface;
  };
}

declare module "*/neural_playground_gpu.js" {
  export default function init(options: { module_or_path: string | URL | BufferSource }): Promise<unknown>;
}
