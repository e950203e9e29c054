/** docs/api.md with its generated part made anew from the built package and the English dictionary. */
export function apiWithConfig(): Promise<string>;
