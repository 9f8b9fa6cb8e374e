// For tests that kill: starts a TypeScript file as a Node process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Inside the server's own modules, so that the bundle finds the packages that are left out of it. */
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/moose-processes/", import.meta.url));

/**
 * Bundles `entries` (name to TypeScript file) into one folder, for plain Node, and returns the folder; `<name>.js` is in it. npm packages are left
 * out, the workspace's own are bundled from source.
 */
export async function bundleForNode(entries: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(CACHE, `${Object.keys(entries)[0]}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  await build({
    entryPoints: { ...entries },
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@moose/source"],
    external: ["lmdb", "chdb", "@clickhouse/client", "uWebSockets.js", "prom-client", "esbuild", "picocolors"],
    sourcemap: "inline",
    logLevel: "warning",
  });
  return folder;
}

/** Standard error is passed on; standard output and messages are for the caller. End it by its id. */
export function startNode(script: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["--enable-source-maps", script, ...args], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
}
