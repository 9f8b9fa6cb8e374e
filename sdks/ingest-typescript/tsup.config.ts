import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/inline.ts", "src/node.ts", "src/web.ts", "src/wasm-file.ts", "src/no-wasm-file.ts"],
  format: ["esm", "cjs"],
  dts: true,
  sourcemap: true,
  clean: true,
  target: "es2022",
  external: ["#core-wasm"],
  // One copy of what entries share, and what is imported when it is needed stays a file of its own.
  splitting: true,
  // require() of "import.meta" is empty, and so is what stands on it there.
  esbuildOptions: (options) => {
    options.logOverride = { "empty-import-meta": "silent" };
  },
});
