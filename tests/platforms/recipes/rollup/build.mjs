import { cpSync } from "node:fs";
import resolve from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";

const bundle = await rollup({ input: "main.js", plugins: [resolve({ browser: true })], onwarn(warning) { throw new Error(warning.message); } });
await bundle.write({ dir: "dist", format: "es" });
// Rollup leaves the addresses of files as they are written: beside the bundle.
cpSync("node_modules/neural-playground/internal", "dist", { recursive: true });
cpSync("index.html", "dist/index.html");
