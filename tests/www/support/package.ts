/** The built package's engine, as an author would import it. */
export const built = new URL("../../../dist/package/engine.js", import.meta.url);
