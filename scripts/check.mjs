// One command that checks everything but behaviour: format, lint, types, layers and cycles, names, docs, generated files.
import "./steps/require-node.mjs";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => `${root}node_modules/.bin/${name}`;

/** Name and command of each check, in the order of how quickly they fail. */
const checks = [
  ["format and lint", bin("biome"), ["ci", "--colors=off", "--error-on-warnings", "."]],
  ["names", process.execPath, ["scripts/check-names.mjs"]],
  ["docs", process.execPath, ["scripts/check-docs.mjs"]],
  [
    "layers",
    bin("depcruise"),
    ["--config", ".dependency-cruiser.cjs", "core-wasm/src", "openapi/src", "sdks", "server/src", "viz-components/src"],
  ],
  ["types", process.execPath, ["scripts/check-types.mjs"]],
  ["contract", process.execPath, ["openapi/scripts/generate.mjs", "--check"]],
];

const only = process.argv.slice(2);
let failed = 0;
for (const [name, command, args] of checks) {
  if (only.length > 0 && !only.includes(name)) continue;
  const started = Date.now();
  const run = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (run.status === 0) console.log(`ok      ${name} (${seconds} s)`);
  else {
    failed++;
    console.error(`FAILED  ${name} (${seconds} s)\n${run.error?.message ?? ""}${run.stdout ?? ""}${run.stderr ?? ""}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
