/**
 * What is put behind the address of an `import()` while it is called: the build appends it to each (vite.config.ts). Browsers have kept a
 * failed import and failed it again without asking, so another address is another chance.
 */
export const address = { again: "" };
