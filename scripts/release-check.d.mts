export function faultsOf(tag: string, read?: (path: string) => string): string[];
