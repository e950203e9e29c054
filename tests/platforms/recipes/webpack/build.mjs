import { cpSync } from "node:fs";
import webpack from "webpack";

// The engine is larger than webpack expects of a page, and comes beside it.
const config = { mode: "production", entry: "./main.js", output: { filename: "main.js" }, performance: { hints: false } };
webpack(config, (error, stats) => {
  if (error) throw error;
  // Not even a warning.
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
  cpSync("index.html", "dist/index.html");
});
