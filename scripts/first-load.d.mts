export const FIRST_LOAD_BUDGET: number;
export function firstLoad(dist: string, language?: string): { page: string[]; wasm: string[] };
export function gzipped(files: string[]): number;
export function addresses(files: string[]): string[];
