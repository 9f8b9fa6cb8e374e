// For tests that kill: starts a TypeScript file as a Node process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Beside the server's own modules, so that the bundle finds the packages that are left out of it. */
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/moose-processes/", import.meta.url));

/** The path of a bundle of `entry` that plain Node can run. Packages are left out; the workspace's own are bundled from source. */
export async function bundleForNode(entry: string, name: string): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  const outfile = join(CACHE, `${name}-${process.pid}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@moose/source"],
    external: ["lmdb", "chdb", "@clickhouse/client", "uWebSockets.js", "prom-client", "esbuild"],
    sourcemap: "inline",
    logLevel: "warning",
  });
  return outfile;
}

/** Standard error is passed on; standard output is for the caller. End it by its id. */
export function startNode(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(process.execPath, ["--enable-source-maps", script, ...args], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: { ...process.env, ...env },
  });
}
