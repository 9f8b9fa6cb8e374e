// Entry of the engine's own process: opens chDB on a folder, serves it over HTTP on the loopback, and ends with its parent.
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ErrorCode } from "../../model/errors.ts";
import { writeEngineConfig } from "./engine-config.ts";
import { createEngineHandler } from "./engine-http.ts";
import { type EngineArguments, type FromEngine, passwordFile, type ToEngine } from "./engine-messages.ts";
import { EngineSessions } from "./engine-sessions.ts";
import { forgetLostTokens } from "./forget-lost-tokens.ts";
import { removeStaleBodies } from "./insert-body.ts";

/** An engine whose parent was killed may need this long to let go of the folder and the port. */
const takeoverMs = 3_000;
const closingMs = 2_000;

class StartError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

function tell(message: FromEngine): void {
  if (process.connected) process.send?.(message);
}

async function retry<T>(
  attempt: () => T | Promise<T>,
  again: (error: unknown) => boolean,
  limitMs: number,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!again(error) || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

const isTaken = (error: unknown) => (error as NodeJS.ErrnoException).code === "EADDRINUSE";

/**
 * The only way out once chDB is loaded: its exit handlers wait for background merges that never end (seen: an orphan that held
 * the data folder). Nothing is lost by it: what was acknowledged is on disk, and a merge that is cut starts again.
 */
function end(): void {
  process.kill(process.pid, "SIGKILL");
}

async function openSessions(dataDir: string): Promise<EngineSessions> {
  const store = join(dataDir, "store");
  await mkdir(store, { recursive: true, mode: 0o700 });
  const config = await writeEngineConfig(dataDir);
  // chDB says on the standard error, which the parent reads, why it does not open. Most likely an engine is still leaving.
  return retry(
    () => new EngineSessions(store, [`--config-file=${config}`]),
    () => true,
    takeoverMs,
  );
}

function listen(server: Server, port: number): Promise<number> {
  const attempt = () =>
    new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve((server.address() as AddressInfo).port);
      });
    });
  return retry(attempt, isTaken, takeoverMs).catch((error: unknown) => {
    if (!isTaken(error)) throw error;
    throw new StartError(
      "port_in_use",
      `Port ${port} is taken, so the embedded ClickHouse cannot listen there. Stop the program that uses it, or set clickhouse.port in moose.config.ts (0 chooses a free one).`,
      error,
    );
  });
}

async function main(): Promise<void> {
  const { dataDir, port, username } = JSON.parse(process.argv[2]!) as EngineArguments;
  const bodyFolder = join(dataDir, "tmp");
  let leaving = false;
  let server: Server | undefined;

  const leave = () => {
    if (leaving) return;
    leaving = true;
    // A query under way cannot be interrupted, so there is a limit to waiting for it.
    setTimeout(end, closingMs);
    if (!server?.listening) return end();
    server.close(end);
    server.closeIdleConnections();
  };
  process.on("message", (message: ToEngine) => {
    if (message.type === "stop") leave();
  });
  // The channel closes when the parent ends, however it ended; the next one wants the folder at once.
  process.on("disconnect", end);
  process.on("SIGTERM", leave);
  // Ctrl-C reaches the whole process group; the parent decides when the engine goes.
  process.on("SIGINT", () => {});
  if (!process.connected) return end();

  await mkdir(bodyFolder, { recursive: true, mode: 0o700 });
  process.chdir(bodyFolder);
  tell({ type: "progress", message: "opening the data folder" });
  const sessions = await openSessions(dataDir);
  // Not before the data folder is ours: another engine's rows may be waiting there.
  await removeStaleBodies(bodyFolder);
  const forgotten = await forgetLostTokens(sessions);
  if (forgotten > 0) {
    tell({
      type: "warning",
      message: `it had died in the middle of ${forgotten} inserts, which can be sent again now`,
    });
  }
  const handler = createEngineHandler({
    sessions,
    username,
    password: readFileSync(join(dataDir, passwordFile), "utf8").trim(),
    bodyFolder,
  });
  server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, handler);
  const bound = await listen(server, port);
  tell({ type: "ready", port: bound, version: sessions.version });
}

main().catch((error: unknown) => {
  const full = (error as NodeJS.ErrnoException).code === "ENOSPC" || /No space left/.test(String(error));
  const code: ErrorCode = error instanceof StartError ? error.code : full ? "disk_full" : "internal";
  const message = error instanceof Error ? error.message : String(error);
  if (!process.connected) end();
  process.send?.({ type: "failed", code, message } satisfies FromEngine, end);
});
