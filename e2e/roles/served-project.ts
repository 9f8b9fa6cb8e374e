// A project on disk and the processes of `moose serve` that run it, with their logs.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningCli, runCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";

const models = `
import { aggregation, count, model, sum, t } from "@moose/core";
export const Reading = model("Reading", { id: t.string().key(), value: t.uint32(), text: t.string().optional() });
export const Note = model("Note", { id: t.string().key(), value: t.uint32(), text: t.string().optional() });
export const ReadingTotal = aggregation("ReadingTotal", {
  from: Reading,
  dimensions: { value: "value" },
  measures: { events: count(), total: sum("value") },
});
`;

export interface Serving {
  readonly url: string;
  readonly running: RunningCli;
  readonly pid: number;
  /** Lines of the JSON log with this message. */
  said(message: string): readonly Readonly<Record<string, unknown>>[];
  /** Sends the signal and waits for the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export class ServedProject {
  readonly dir: string;
  readonly #cli: NodeBundle;
  readonly #running: RunningCli[] = [];

  constructor(cli: NodeBundle, parent = tmpdir()) {
    this.#cli = cli;
    this.dir = mkdtempSync(join(parent, "moose-roles-"));
    mkdirSync(join(this.dir, "models"));
    writeFileSync(join(this.dir, "models", "project.ts"), models);
    this.configure({});
  }

  configure(config: object): void {
    writeFileSync(join(this.dir, "moose.config.ts"), `export default ${JSON.stringify(config)};\n`);
  }

  /** Without waiting: for runs that are to fail. */
  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCli {
    const running = runCli(this.#cli, ["serve", this.dir, ...args], env);
    this.#running.push(running);
    return running;
  }

  /** Resolves when it says that it is ready. */
  async serve(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Serving> {
    // Of an option that is given twice the second counts.
    const running = this.run(["--port", "0", "--clickhouse-port", "0", ...args], env);
    const [line] = await running.seen(/^.*"message":"Ready".*$/m);
    const { url, pid } = JSON.parse(line!) as { url: string; pid: number };
    return {
      url,
      running,
      pid,
      said: (message) =>
        running
          .output()
          .split("\n")
          .filter((text) => text.includes(`"message":${JSON.stringify(message)}`))
          .map((text) => JSON.parse(text) as Readonly<Record<string, unknown>>),
      end(signal = "SIGTERM") {
        running.child.kill(signal);
        return running.exitCode;
      },
    };
  }

  async close(): Promise<void> {
    for (const { child } of this.#running)
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await Promise.all(this.#running.map(({ exitCode }) => exitCode));
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/**
 * A free port that the system gives to no outgoing connection. A client that knocks again and again at a port of the system's own range
 * may be given that same port for its own end, and then nobody can listen there.
 */
export async function quietPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

/** Memory of a process that is not pages of files, bytes. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
}
