import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/web-socket-global.ts", "src/web-socket-node.ts"],
  format: ["esm"],
  dts: { entry: "src/index.ts" },
  // Chosen by the runtime or the bundler, from `imports` of package.json.
  external: ["#web-socket", "ws"],
  sourcemap: true,
  clean: true,
  target: "es2022",
});
