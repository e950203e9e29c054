export function writeServiceWorker(dist: string): Promise<{ version: string; files: string[]; gpu: string[]; digits: string }>;
