import { defineConfig } from "vite";

// Relative addresses, so that the site runs from any folder of any server.
export default defineConfig({
  base: "./",
  publicDir: "www/public",
  worker: { format: "es" },
  build: { target: "es2022", outDir: "dist" },
  server: { host: true },
});
