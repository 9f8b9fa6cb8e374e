// Starts, kills and stops the server process, and kills the engine process under it.
import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { bundleForNode, type NodeBundle, startNode } from "../../server/src/lib/test-node-process.ts";

const READY_LIMIT_MS = 60_000;

export interface Urls {
  readonly api: string;
  readonly clickhouse: string;
}

export class ServerUnderTest {
  readonly urls: Urls;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, urls: Urls) {
    this.#process = process;
    this.urls = urls;
  }

  static bundle(): Promise<NodeBundle> {
    const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
    return bundleForNode({
      "server-process": file("server-process.ts"),
      // The engine looks for its process beside itself.
      "engine-process": file("../../server/src/adapters/chdb/engine-process.ts"),
    });
  }

  static async start(bundle: NodeBundle, projectDir: string): Promise<ServerUnderTest> {
    const process = startNode(bundle.path("server-process"), [projectDir]);
    process.stdout!.resume();
    const ready = once(process, "message", { signal: AbortSignal.timeout(READY_LIMIT_MS) });
    const ended = once(process, "exit").then(([code, signal]) => {
      throw new Error(`the server ended before it was ready: ${code ?? signal}`);
    });
    try {
      const [urls] = (await Promise.race([ready, ended])) as [Urls];
      ended.catch(() => {});
      return new ServerUnderTest(process, urls);
    } catch (error) {
      process.kill("SIGKILL");
      throw error;
    }
  }

  /** Resolves when the process is gone, with no chance to write anything more. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await gone;
  }

  /** Waits until the engine answers if it is just being started again after the last time: killed while it starts, no insert is hit. */
  async killEngine(): Promise<void> {
    const giveUpMs = performance.now() + READY_LIMIT_MS;
    for (;;) {
      const [engine] = childrenOf(this.#process.pid!);
      if (engine !== undefined && (await this.#engineAnswers())) {
        process.kill(engine, "SIGKILL");
        return;
      }
      if (performance.now() > giveUpMs) throw new Error("no engine process appeared");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #engineAnswers(): Promise<boolean> {
    try {
      const { origin } = new URL(this.urls.clickhouse);
      return (await fetch(`${origin}/ping`, { signal: AbortSignal.timeout(1_000) })).ok;
    } catch {
      return false;
    }
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, "exit", { signal: AbortSignal.timeout(30_000) });
    this.#process.kill("SIGTERM");
    const [code] = await gone;
    if (code !== 0) throw new Error(`the server stopped with ${code}`);
  }
}

function childrenOf(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8", timeout: 5000 });
  return table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, state]) => Number(parent) === pid && !state!.startsWith("Z"))
    .map(([child]) => Number(child));
}
