export const FIRST_LOAD_BUDGET: number;
/** Of every dictionary. */
export const LANGUAGES: string[];
export function firstLoad(dist: string, language?: string): { page: string[]; wasm: string[] };
export const EMBED_BUDGET: number;
export function embedLoad(library: string, language?: string): string[];
export function gzipped(files: string[]): number;
export function addresses(files: string[]): string[];
