// Type-checks every package of the workspace, tests included.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const packages = [
  "core-wasm",
  "openapi",
  "sdks/ingest-typescript",
  "sdks/consumption-typescript",
  "viz-components",
  "server",
  "examples/flights",
  "e2e",
];

let failed = 0;
for (const folder of packages.filter((name) => existsSync(`${root}${name}/tsconfig.json`))) {
  const run = spawnSync(`${root}node_modules/.bin/tsc`, ["-p", `${folder}/tsconfig.json`], {
    cwd: root,
    encoding: "utf8",
  });
  if (run.status !== 0) {
    failed++;
    console.error(`${folder}\n${run.stdout}${run.stderr}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
