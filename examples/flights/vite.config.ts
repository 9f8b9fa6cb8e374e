// Builds the dashboard in page/ to dist-page/, which `moose.config.ts` names as the folder that the server serves.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL("page", import.meta.url)),
  resolve: { conditions: ["@moose/source", "module", "browser", "production"] },
  build: { outDir: "../dist-page", emptyOutDir: true, target: "es2022", modulePreload: false },
});
