// Servers that take events and run functions, each a process of its own, to be killed and stopped.
import type { ChildProcess } from "node:child_process";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { bundleForNode, type NodeBundle, startNode } from "../../server/src/lib/test-node-process.ts";
import { between } from "../crash/random.ts";

export interface FunctionsServer {
  readonly process: ChildProcess;
  readonly url: string;
}

export function bundleFunctionsServer(): Promise<NodeBundle> {
  const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  return bundleForNode({
    server: source("functions-server.ts"),
    index: source("../../server/src/index.ts"),
    "function-process": source("../../server/src/functions/runtime/process-entry.ts"),
    "function-thread": source("../../server/src/functions/runtime/thread-entry.ts"),
  });
}

/** Rejects when the server ends before it is up. */
export async function startFunctionsServer(bundle: NodeBundle, dir: string): Promise<FunctionsServer> {
  const process = startNode(bundle.path("server"), [dir]);
  const ended = once(process, "close").then(([code]) => Promise.reject(new Error(`the server ended with ${code}`)));
  const [url] = (await Promise.race([once(process, "message"), ended])) as [string];
  ended.catch(() => {});
  return { process, url };
}

export async function endServer({ process }: FunctionsServer, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  const closed = once(process, "close");
  process.kill(signal);
  await closed;
}

/** The id of a function's process: a child of the server. */
export function someFunctionPid({ process }: FunctionsServer, random: () => number): number | undefined {
  const pids = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("-process.mjs"))
    .map((line) => Number.parseInt(line.trim(), 10));
  return pids[between(random, 0, pids.length)];
}
