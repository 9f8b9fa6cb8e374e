// For tests: bundles the `moose` command as tsup does for a release, and runs it as a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { bundleForNode, type NodeBundle } from "../lib/test-node-process.ts";

/** What the command says of itself when it was bundled here. */
export const testVersion = "0.0.0-test";
const ENTRY = "cli/main";

/** The layout of a release: what is started or bundled by itself is looked for beside the chunks. */
export function bundleCli(): Promise<NodeBundle> {
  const source = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
  return bundleForNode(
    {
      [ENTRY]: source("cli/main.ts"),
      "engine-process": source("adapters/chdb/engine-process.ts"),
      index: source("index.ts"),
      "function-process": source("functions/runtime/process-entry.ts"),
      "function-thread": source("functions/runtime/thread-entry.ts"),
    },
    testVersion,
  );
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

/** `env` goes before this process's own environment. */
export function runCli(cli: NodeBundle, args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCli {
  const child = spawn(process.execPath, [cli.path(ENTRY), ...args], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NO_COLOR: "1", ...env },
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
