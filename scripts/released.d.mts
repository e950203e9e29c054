export function layBeside(dist: string, packages: Record<string, string>): void;
