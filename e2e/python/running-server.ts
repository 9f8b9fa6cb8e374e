// Starts the server of the Python SDK's tests, again and again on one port, and ends it.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { bundleForNode, type NodeBundle, startNode } from "../../server/src/lib/test-node-process.ts";

const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;

export interface Urls {
  readonly api: string;
  readonly clickhouse: string;
}

export function bundleServer(): Promise<NodeBundle> {
  const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  return bundleForNode({
    "ingest-server": file("ingest-server.ts"),
    // The engine looks for its process beside itself.
    "engine-process": file("../../server/src/adapters/chdb/engine-process.ts"),
  });
}

export class RunningServer {
  readonly urls: Urls;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, urls: Urls) {
    this.#process = process;
    this.urls = urls;
  }

  static async start(bundle: NodeBundle, projectDir: string, port: number): Promise<RunningServer> {
    const process = startNode(bundle.path("ingest-server"), [projectDir, String(port)]);
    process.stdout!.resume();
    const ready = once(process, "message", { signal: AbortSignal.timeout(READY_LIMIT_MS) });
    const ended = once(process, "exit").then(([code, signal]) => {
      throw new Error(`the server ended before it was ready: ${code ?? signal}`);
    });
    try {
      const [urls] = (await Promise.race([ready, ended])) as [Urls];
      ended.catch(() => {});
      return new RunningServer(process, urls);
    } catch (error) {
      process.kill("SIGKILL");
      throw error;
    }
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await gone;
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, "exit", { signal: AbortSignal.timeout(STOP_LIMIT_MS) });
    this.#process.kill("SIGTERM");
    const [code] = await gone;
    if (code !== 0) throw new Error(`the server stopped with ${code}`);
  }
}
