import { defineConfig } from "tsup";

// One file per element so that an app loads only what it uses; the package's dependencies stay external.
export default defineConfig({
  entry: ["src/index.ts", "src/elements/moose-*.ts"],
  format: ["esm"],
  dts: true,
  sourcemap: true,
  clean: true,
  target: "es2022",
});
