// For tests that start, kill and stop: a TypeScript file as a Node process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Inside the server's own modules, so that the bundle finds the packages that are left out of it. */
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/moose-processes/", import.meta.url));

export interface NodeBundle {
  /** The bundled file of an entry. */
  path(entry: string): string;
  remove(): void;
}

/**
 * Bundles `entries` (path without ".js" to TypeScript file) into `dist` of a folder of their own, for plain Node, laid out as in a release.
 * npm packages are left out; the workspace's own are bundled from source. The folder's package.json says `version`.
 */
export async function bundleForNode(
  entries: Readonly<Record<string, string>>,
  version = "0.0.0-test",
): Promise<NodeBundle> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(CACHE);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", version }));
  await build({
    entryPoints: { ...entries },
    outdir: join(folder, "dist"),
    bundle: true,
    splitting: true,
    chunkNames: "[name]-[hash]",
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@moose/source"],
    external: [
      "kafkajs",
      "lmdb",
      "chdb",
      "@clickhouse/client",
      "uWebSockets.js",
      "prom-client",
      "esbuild",
      "openapi-typescript",
      "picocolors",
      "typescript",
    ],
    sourcemap: "inline",
    logLevel: "warning",
  });
  return {
    path: (entry) => join(folder, "dist", `${entry}.js`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Standard error is passed on unless it is to be piped; standard output and messages are for the caller. End it by its id. */
export function startNode(
  script: string,
  args: readonly string[],
  standardError: "inherit" | "pipe" = "inherit",
): ChildProcess {
  return spawn(process.execPath, ["--enable-source-maps", script, ...args], {
    stdio: ["ignore", "pipe", standardError, "ipc"],
  });
}
