// Runs the bench of the Python host, against msgspec's typed decode, in the environment that its tests run in.
// Run after `build:wasm`: node core-wasm/bench/python.mjs [seconds]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonEnvironment } from "../../scripts/steps/python.mjs";

const folder = fileURLToPath(new URL("../hosts/python", import.meta.url));
const { python, reason } = pythonEnvironment();
if (python === undefined) {
  console.error(`skipped: ${reason}`);
  process.exit(1);
}
// The cache of machine code that is measured is of this run alone.
const cache = mkdtempSync(join(tmpdir(), "moose-bench-python-"));
const { status } = spawnSync(python, ["bench/validate.py", ...process.argv.slice(2)], {
  cwd: folder,
  stdio: "inherit",
  env: { ...process.env, PYTHONPATH: "src", PYTHONDONTWRITEBYTECODE: "1", XDG_CACHE_HOME: cache },
});
rmSync(cache, { recursive: true, force: true });
process.exit(status ?? 1);
