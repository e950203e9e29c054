export const tests: string;
export function groups(): { name: string; files: string[]; at_a_time: number; limit: number }[];
