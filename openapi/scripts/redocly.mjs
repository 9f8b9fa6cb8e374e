// Runs the Redocly command line without telemetry or update checks; throws with its findings when it fails.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = createRequire(import.meta.url).resolve("@redocly/cli/package.json");
const { bin } = JSON.parse(readFileSync(manifest, "utf8"));

export function redocly(args) {
  const run = spawnSync(
    process.execPath,
    [join(dirname(manifest), bin.redocly), ...args, "--config", join(root, "redocly.yaml")],
    {
      encoding: "utf8",
      timeout: 60_000,
      env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" },
    },
  );
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`redocly ${args[0]} failed:\n${run.stdout}\n${run.stderr}`);
  return run.stdout;
}
