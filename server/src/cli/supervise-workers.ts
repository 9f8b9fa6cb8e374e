// `moose serve --workers N`: starts N processes that share the port, starts one again that died, and ends them in order.
import { fork } from "node:child_process";
import { createServer } from "node:net";
import { type MooseConfig, sharesStream } from "../model/config.ts";
import { MooseError } from "../model/errors.ts";
import type { Log } from "../telemetry/log.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { afterDeath, newWorkerRecord } from "./restart-policy.ts";
import { WorkerExchange } from "./worker-exchange.ts";
import type { ToSupervisor } from "./worker-messages.ts";

/** Set in the environment of a worker: its number. */
export const WORKER_VARIABLE = "MOOSE_WORKER";

export interface SuperviseOptions {
  readonly config: MooseConfig;
  readonly log: Log;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** A worker ends by itself at its deadline; one that does not is killed. */
const KILL_AFTER_DEADLINE_MS = 3_000;

/** Throws `config_invalid` when the parts that workers would share belong to one process. */
export function checkWorkers(config: MooseConfig): void {
  if (!sharesStream(config)) {
    throw new MooseError(
      "config_invalid",
      `${config.workers} workers share the stream, and stream.shared is false. Leave it out, or run one worker.`,
    );
  }
  if (config.clickhouse.url === undefined && config.roles.some((role) => role === "query" || role === "writer")) {
    throw new MooseError(
      "config_invalid",
      `${config.workers} workers need a ClickHouse that they can share. Set clickhouse.url (MOOSE_CLICKHOUSE_URL), or run one worker.`,
    );
  }
  if (process.platform !== "linux") {
    throw new MooseError(
      "config_invalid",
      "Workers share a port with SO_REUSEPORT, which spreads connections on Linux only.",
    );
  }
}

/**
 * Resolves when the signal ended all workers. A worker that cannot start the first time ends the others, and its code is the answer.
 * Throws `port_in_use` when the port is taken.
 */
export async function superviseWorkers({ config, log, signal }: SuperviseOptions): Promise<ExitCode> {
  const failure = new AbortController();
  const numbers = Array.from({ length: config.workers }, (_, index) => index + 1);
  const run: WorkerRun = {
    port: await freePort(config.http.host, config.http.port),
    deadlineMs: config.shutdown.deadlineMs,
    exchange: new WorkerExchange(numbers),
    log: log.child("workers"),
    signal: AbortSignal.any([signal, failure.signal]),
  };
  const codes = await Promise.all(
    numbers.map(async (worker) => {
      const code = await runWorker(worker, run);
      if (code !== exitCodes.ok) failure.abort();
      return code;
    }),
  );
  return codes.find((code) => code !== exitCodes.ok) ?? exitCodes.ok;
}

interface WorkerRun {
  readonly port: number;
  readonly deadlineMs: number;
  readonly exchange: WorkerExchange;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Until the signal ends it, started again after each death; then, or if it never could start, its last exit code. */
async function runWorker(worker: number, run: WorkerRun): Promise<ExitCode> {
  let record = newWorkerRecord;
  let proven = false;
  while (!run.signal.aborted) {
    const begunMs = performance.now();
    const { code, ready } = await runOnce(worker, run);
    proven ||= ready;
    if (run.signal.aborted || !proven) return code;
    const next = afterDeath(record, performance.now() - begunMs);
    record = next.record;
    run.log.warn("A worker ended; it starts again", { worker, code, delayMs: next.delayMs });
    await pause(next.delayMs, run.signal);
  }
  return exitCodes.ok;
}

function runOnce(worker: number, run: WorkerRun): Promise<{ code: ExitCode; ready: boolean }> {
  const child = fork(process.argv[1]!, [...process.argv.slice(2), "--port", String(run.port)], {
    env: { ...process.env, [WORKER_VARIABLE]: String(worker), MOOSE_SHARE_PORT: "true" },
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    // JSON has no NaN, which metrics may be.
    serialization: "advanced",
  });
  return new Promise((resolve) => {
    let ready = false;
    let killing: NodeJS.Timeout | undefined;
    const end = (): void => {
      child.kill("SIGTERM");
      killing = setTimeout(() => child.kill("SIGKILL"), run.deadlineMs + KILL_AFTER_DEADLINE_MS);
    };
    const gone = (code: ExitCode): void => {
      clearTimeout(killing);
      run.exchange.gone(worker);
      run.signal.removeEventListener("abort", end);
      resolve({ code, ready });
    };
    child.on("message", (message: ToSupervisor) => {
      run.exchange.received(worker, message);
      if (message.type !== "ready") return;
      ready = true;
      run.exchange.ready(worker, child);
      run.log.info("A worker is ready", { worker, pid: child.pid });
    });
    child.once("error", () => gone(exitCodes.unavailable));
    child.once("exit", (code) => gone((code ?? exitCodes.interrupted) as ExitCode));
    if (run.signal.aborted) end();
    else run.signal.addEventListener("abort", end, { once: true });
  });
}

/** The port that is wanted, or for 0 one that is free now. Workers cannot tell by themselves that another program has it. */
function freePort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (cause) =>
      reject(
        new MooseError(
          "port_in_use",
          `Cannot listen on ${host}:${port}: the port is taken, or the host is not an address of this machine.`,
          {
            extra: { host, port },
            cause,
          },
        ),
      ),
    );
    probe.listen({ host, port, exclusive: true }, () => {
      const { port: found } = probe.address() as { port: number };
      probe.close(() => resolve(found));
    });
  });
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
