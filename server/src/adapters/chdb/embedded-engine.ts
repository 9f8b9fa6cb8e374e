// The embedded ClickHouse: a child process that runs chDB behind ClickHouse's HTTP interface, kept up, and never left behind.
import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { MooseError } from "../../model/errors.ts";
import type { Log } from "../../telemetry/log.ts";
import { engineEntry } from "./engine-entry.ts";
import { type EngineArguments, type FromEngine, laneThreads, passwordFile, type ToEngine } from "./engine-messages.ts";

export interface EmbeddedEngineOptions {
  /** A folder of the engine's own; created if it does not exist. */
  readonly dataDir: string;
  /** 0 chooses a free one, which a restart keeps. */
  readonly port: number;
  readonly log: Log;
}

export interface EmbeddedEngine {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Undefined while it is down. */
  pid(): number | undefined;
  /** Called each time it is ready again after it died. */
  onRestart(listener: () => void): () => void;
  /** Waits until the process is gone. Safe to call twice. */
  stop(): Promise<void>;
}

const username = "moose";
const readyLimitMs = 60_000;
const stopLimitMs = 5_000;
const firstBackoffMs = 50;
const longestBackoffMs = 5_000;

/** Resolves when it answers. Rejects with MooseError `data_folder_in_use`, `port_in_use`, `disk_full` or `internal`. */
export async function startEmbeddedEngine(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const password = await keepPassword(dataDir);
  const supervisor = new EngineSupervisor(dataDir, await engineEntry(), options.port, options.log);
  await supervisor.start();
  return {
    url: `http://127.0.0.1:${supervisor.port}`,
    username,
    password,
    pid: () => supervisor.pid,
    onRestart: (listener) => supervisor.onRestart(listener),
    stop: () => supervisor.stop(),
  };
}

/** The same for the life of the folder, so that a URL once printed stays good. */
async function keepPassword(dataDir: string): Promise<string> {
  const path = join(dataDir, passwordFile);
  try {
    await writeFile(path, randomBytes(24).toString("base64url"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return (await readFile(path, "utf8")).trim();
}

class EngineSupervisor {
  readonly #dataDir: string;
  readonly #entry: string;
  readonly #log: Log;
  readonly #listeners = new Set<() => void>();
  port: number;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #backoffMs = firstBackoffMs;
  #stopping = false;

  constructor(dataDir: string, entry: string, port: number, log: Log) {
    this.#dataDir = dataDir;
    this.#entry = entry;
    this.port = port;
    this.#log = log;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  onRestart(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(): Promise<void> {
    const startedMs = performance.now();
    const { child, version } = await this.#spawn();
    this.#log.info("embedded ClickHouse is ready", {
      version,
      port: this.port,
      pid: child.pid,
      ms: Math.round(performance.now() - startedMs),
    });
    child.once("exit", (code, signal) => this.#died(code, signal));
    const lasted = setTimeout(() => {
      this.#backoffMs = firstBackoffMs;
    }, longestBackoffMs);
    lasted.unref();
    child.once("exit", () => clearTimeout(lasted));
  }

  async #spawn(): Promise<{ child: ChildProcess; version: string }> {
    const args: EngineArguments = { dataDir: this.#dataDir, port: this.port, username };
    const child = fork(this.#entry, [JSON.stringify(args)], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // The parent's loader and debugger flags are not for the child; a small young generation keeps it small.
      execArgv: ["--max-semi-space-size=2"],
      env: childEnvironment(),
    });
    this.#child = child;
    this.#exited = new Promise((done) => child.once("exit", () => done()));
    child.once("exit", () => {
      if (this.#child === child) this.#child = undefined;
    });
    let complaint = "";
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on("line", (line) => {
        if (line.includes("DB::Exception")) complaint = line;
        this.#log.debug(line);
      });
    }
    return new Promise((done, fail) => {
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        fail(
          new MooseError(
            "internal",
            `The embedded ClickHouse did not answer within ${readyLimitMs / 1000} s. Its data is in ${this.#dataDir}.`,
          ),
        );
      }, readyLimitMs);
      child.once("error", (cause) => {
        clearTimeout(timer);
        fail(new MooseError("internal", "The embedded ClickHouse could not be started.", { cause }));
      });
      child.once("exit", (code, signal) => {
        clearTimeout(timer);
        fail(
          new MooseError(
            "internal",
            `The embedded ClickHouse ended while it started (${signal ?? `exit code ${code}`}).`,
          ),
        );
      });
      child.on("message", (message: FromEngine) => {
        if (message.type === "progress") this.#log.debug(`embedded ClickHouse: ${message.message}`);
        else if (message.type === "warning") this.#log.warn(`embedded ClickHouse: ${message.message}`);
        else {
          clearTimeout(timer);
          if (message.type === "failed") fail(startError(this.#dataDir, message, complaint));
          else {
            this.port = message.port;
            done({ child, version: message.version });
          }
        }
      });
    });
  }

  #died(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#stopping) return;
    this.#log.warn("embedded ClickHouse died; starting it again", {
      reason: signal ?? `exit code ${code}`,
      backoffMs: this.#backoffMs,
    });
    this.#startLater();
  }

  #startLater(): void {
    const waitMs = this.#backoffMs;
    this.#backoffMs = Math.min(longestBackoffMs, this.#backoffMs * 2);
    this.#retry = setTimeout(() => {
      this.start().then(
        () => {
          for (const listener of this.#listeners) listener();
        },
        (error: unknown) => {
          if (this.#stopping) return;
          this.#log.error("embedded ClickHouse does not start", {
            reason: error instanceof Error ? error.message : String(error),
          });
          this.#startLater();
        },
      );
    }, waitMs);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#retry);
    const child = this.#child;
    if (child?.connected) child.send({ type: "stop" } satisfies ToEngine, () => {});
    const timer = setTimeout(() => child?.kill("SIGKILL"), stopLimitMs);
    await this.#exited;
    clearTimeout(timer);
  }
}

/** chDB throws no reason when it cannot open its folder; it prints one. */
function startError(dataDir: string, failed: Extract<FromEngine, { type: "failed" }>, complaint: string): MooseError {
  if (failed.code !== "internal") return new MooseError(failed.code, failed.message);
  const cause = new Error(complaint || failed.message);
  if (/Cannot lock file/.test(complaint)) {
    const message = `Another Moose is running on ${dataDir}. Stop it, or give this one a dataDir of its own.`;
    return new MooseError("data_folder_in_use", message, { cause });
  }
  if (/No space left|NOT_ENOUGH_SPACE/.test(complaint)) {
    return new MooseError("disk_full", `The disk that holds ${dataDir} is full. Free some space and start again.`, {
      cause,
    });
  }
  return new MooseError("internal", `The embedded ClickHouse cannot open ${dataDir}: ${cause.message.slice(0, 300)}`, {
    cause,
  });
}

function childEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _loaderFlags, ...rest } = process.env;
  // Two threads more than the lanes can hold: files and gzip need some too.
  return { ...rest, UV_THREADPOOL_SIZE: String(laneThreads + 2), TZ: "UTC" };
}
