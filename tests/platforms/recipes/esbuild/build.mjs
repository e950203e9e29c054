import { cpSync } from "node:fs";
import { build } from "esbuild";

await build({ entryPoints: ["main.js"], outdir: "dist", bundle: true, format: "esm", minify: true });
// esbuild leaves the addresses of files as they are written: beside the bundle.
cpSync("node_modules/neural-playground/internal", "dist", { recursive: true });
cpSync("index.html", "dist/index.html");
