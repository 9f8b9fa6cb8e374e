// For tests: bundles the `moose` command as tsup does for a release, and runs it as a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { vi } from "vitest";

const server = fileURLToPath(new URL("../..", import.meta.url));
export const testVersion = "0.0.0-test";

export interface BundledCli {
  readonly path: string;
  remove(): void;
}

/** The bundle lies in the server's node_modules, so that it finds the server's packages. */
export async function bundleCli(): Promise<BundledCli> {
  const folder = mkdtempSync(join(server, "node_modules", ".moose-cli-test-"));
  await build({
    entryPoints: {
      "cli/main": join(server, "src/cli/main.ts"),
      "engine-process": join(server, "src/adapters/chdb/engine-process.ts"),
    },
    outdir: join(folder, "dist"),
    bundle: true,
    splitting: true,
    chunkNames: "[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["@moose/source"],
    external: ["@clickhouse/client", "chdb", "esbuild", "lmdb", "picocolors", "prom-client", "uWebSockets.js"],
  });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", version: testVersion }));
  return {
    path: join(folder, "dist", "cli", "main.js"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** Everything it wrote to stdout and stderr until now. */
  output(): string;
  /** The code it ended with. */
  readonly exitCode: Promise<number | null>;
  /** Waits until the output matches; fails with the output when it never does, or when the command ends before. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
}

const SEEN_LIMIT_MS = 60_000;

export function runCli(cli: BundledCli, args: readonly string[]): RunningCli {
  const child = spawn(process.execPath, [cli.path, ...args], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  let text = "";
  let ended = false;
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
  }
  const exitCode = new Promise<number | null>((resolve) => {
    child.once("close", (code) => {
      ended = true;
      resolve(code);
    });
  });
  return {
    child,
    output: () => text,
    exitCode,
    seen: (pattern) =>
      vi.waitFor(
        () => {
          const match = new RegExp(pattern).exec(text);
          if (match !== null) return match;
          throw new Error(`${pattern} is not in what the command wrote${ended ? ", and it ended" : ""}:\n${text}`);
        },
        { timeout: SEEN_LIMIT_MS, interval: 10 },
      ),
  };
}
