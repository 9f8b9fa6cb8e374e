import { defineConfig } from "vitest/config";

// Packages resolve each other to their TypeScript sources, so a test never runs against a stale build.
const resolve = { conditions: ["@moose/source"] };

export default defineConfig({
  resolve,
  ssr: {
    resolve: { conditions: ["@moose/source", "node", "import", "default"], externalConditions: ["@moose/source"] },
  },
  test: {
    include: [
      "{core-wasm,openapi,server,viz-components}/**/*.test.ts",
      "{sdks,examples}/**/*.test.ts",
      "e2e/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
