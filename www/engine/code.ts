// Code made for one network: a second, small module writes it, this thread's engine calls it. Runs are the same to the bit
// with it and without, so it comes when it comes, and where it cannot be had nothing is said.

import { readBytes } from "./read";
import type { Session } from "./session";

/** What the module that writes code offers (src/web_compiler.rs). */
interface Compiler {
  memory: WebAssembly.Memory;
  /** Where so many words of a shape are to be written. */
  words(count: number): number;
  /** Bytes of the code; 0 where it would gain nothing. */
  compile(): number;
  module(): number;
}

/** Networks with code of their own, at most: it is kept until the page goes. */
const MOST = 200;

/**
 * Gives a session code for the run that it has. `memory` is the engine's; `place` takes a function into its table.
 */
export function coder(url: string, memory: WebAssembly.Memory, place: (code: unknown) => number): (session: Session) => Promise<void> {
  let compiler: Promise<Compiler> | undefined;
  const known = new Map<string, Promise<number | undefined>>();

  const made = async (shape: Float64Array): Promise<number | undefined> => {
    compiler ??= readBytes(url).then(async (bytes) => (await WebAssembly.instantiate(bytes)).instance.exports as unknown as Compiler);
    const { memory: own, words, compile, module } = await compiler;
    const at = words(shape.length);
    new Float64Array(own.buffer, at, shape.length).set(shape);
    const length = compile();
    if (length === 0) return undefined;
    const code = new Uint8Array(own.buffer, module(), length).slice();
    const { instance } = await WebAssembly.instantiate(code, { m: { m: memory } });
    return place(instance.exports["f"]);
  };

  return async (session) => {
    const shape = session.step_shape();
    const key = shape.join();
    if (key === "" || (known.size >= MOST && !known.has(key))) return;
    try {
      if (!known.has(key)) known.set(key, made(shape));
      const code = await known.get(key);
      if (code !== undefined) session.use_code(shape, code);
    } catch {
      // Offline, say: the next run tries again.
      known.delete(key);
      compiler = undefined;
    }
  };
}
