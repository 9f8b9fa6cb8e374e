import { defineConfig } from "tsup";

export default defineConfig({
  entry: { replay: "replay/main.ts" },
  format: ["esm"],
  platform: "node",
  target: "node20",
  clean: true,
});
