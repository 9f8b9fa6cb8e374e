import { defineConfig } from "tsup";

// Servers and bounds are bundled the same way, from the sources of the product, so that neither runs against a stale build.
export default defineConfig({
  entry: {
    "moose-ingest": "servers/moose-ingest.ts",
    "fastify-ajv": "peers/fastify-ajv.ts",
    "log-alone": "bounds/log-alone.ts",
    "prepare-bodies": "load/prepare-bodies.ts",
    "append-to-log": "delivery/append-to-log.ts",
    "append-to-kafka": "delivery/append-to-kafka.ts",
    "table-writer": "delivery/table-writer.ts",
    "moose-ids": "servers/moose-ids.ts",
    "sdk-sender": "sdk/sender.ts",
    "sdk-page": "sdk/page.ts",
    // The engine's process is looked for beside the bundle.
    "engine-process": "../server/src/adapters/chdb/engine-process.ts",
  },
  format: ["esm"],
  platform: "node",
  target: "node20",
  noExternal: [/^@moose\//],
  splitting: false,
  clean: true,
  esbuildOptions(options) {
    options.conditions = ["@moose/source"];
  },
});
