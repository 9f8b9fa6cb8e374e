import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    embed: "src/embed.ts",
    testing: "src/testing.ts",
    "cli/main": "src/cli/main.ts",
    // Started as a process of its own: the code that looks for it expects it beside the chunks.
    "engine-process": "src/adapters/chdb/engine-process.ts",
    // Bundled into the process of each stream function, from beside the chunks.
    "function-process": "src/functions/runtime/process-entry.ts",
    "function-thread": "src/functions/runtime/thread-entry.ts",
    // The log alone: the benchmark's peers write to the same one.
    "adapters/lmdb": "src/adapters/lmdb/lmdb-stream-log.ts",
  },
  format: ["esm"],
  dts: {
    entry: {
      index: "src/index.ts",
      embed: "src/embed.ts",
      testing: "src/testing.ts",
      "adapters/lmdb": "src/adapters/lmdb/lmdb-stream-log.ts",
    },
  },
  splitting: true,
  sourcemap: true,
  clean: true,
  target: "node20",
});
