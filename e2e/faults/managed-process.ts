// One process under faults: started, killed, stopped for a while, and found again among its parent's children.
import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";

const READY_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 60_000;

export class ManagedProcess<Ready> {
  readonly #start: () => ChildProcess;
  readonly #logPath: string;
  #child: ChildProcess | undefined;
  #ready: Ready | undefined;

  /** `start` gives a process with a pipe for its standard error, which says with one message that it is ready. */
  constructor(start: () => ChildProcess, logPath: string) {
    this.#start = start;
    this.#logPath = logPath;
  }

  /** Of the process that runs. Throws when none does. */
  get pid(): number {
    if (!this.running) throw new Error("the process does not run");
    return this.#child!.pid!;
  }

  get running(): boolean {
    const child = this.#child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** What the process said when it was ready; starts it when it does not run. */
  async up(): Promise<Ready> {
    if (this.running) return this.#ready!;
    const child = this.#start();
    this.#child = child;
    child.stdout?.resume();
    child.stderr!.pipe(createWriteStream(this.#logPath, { flags: "a" }));
    const ended = once(child, "exit").then(([code, signal]) => {
      throw new Error(`the process ended before it was ready (${code ?? signal}); see ${this.#logPath}`);
    });
    ended.catch(() => {});
    const [message] = await Promise.race([
      once(child, "message", { signal: AbortSignal.timeout(READY_LIMIT_MS) }),
      ended,
    ]);
    this.#ready = message as Ready;
    return this.#ready;
  }

  /** Resolves when it is gone, with no chance to write anything more. */
  async kill(): Promise<void> {
    if (!this.running) return;
    const gone = once(this.#child!, "exit");
    this.#child!.kill("SIGKILL");
    await gone;
  }

  /** Asks it to end; throws when it ends with another code than 0. */
  async stop(): Promise<void> {
    if (!this.running) return;
    const gone = once(this.#child!, "exit", { signal: AbortSignal.timeout(STOP_LIMIT_MS) });
    this.#child!.kill("SIGTERM");
    const [code, signal] = await gone;
    if (code !== 0) throw new Error(`the process stopped with ${code ?? signal}; see ${this.#logPath}`);
  }
}

/** Stops a process for a while, as a laptop that sleeps or a machine that swaps. */
export async function suspend(pid: number, ms: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  try {
    await new Promise((resolve) => setTimeout(resolve, ms));
  } finally {
    process.kill(pid, "SIGCONT");
  }
}

export function childrenOf(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8", timeout: 5000 });
  return table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, state]) => Number(parent) === pid && !state!.startsWith("Z"))
    .map(([child]) => Number(child));
}
