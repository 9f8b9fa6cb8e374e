// Writes conformance/*.json anew from the cases in src/conformance. What changed is then to be read in the diff.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = spawnSync(
  `${root}node_modules/.bin/vitest`,
  ["run", "core-wasm/src/conformance/conformance.test.ts", "-t", "is what its cases say", "--update"],
  { cwd: root, stdio: "inherit", env: { ...process.env, CI: "" } },
);
process.exit(run.status ?? 1);
