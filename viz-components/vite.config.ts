import { defineConfig } from "vite";

// The one file for script tags: every element, Lit included, minified. It lands beside tsup's files, which are built first.
export default defineConfig({
  resolve: { conditions: ["@moose/source", "module", "browser", "production"] },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: false,
    sourcemap: true,
    modulePreload: false,
    rolldownOptions: {
      input: "src/moose-viz.ts",
      output: { format: "es", entryFileNames: "moose-viz.js" },
    },
  },
});
