// One process of `moose serve`: the app with its roles, from the start to an end that loses nothing.
import { resolve } from "node:path";
import { startApp } from "../app/app.ts";
import { claimDataFolder } from "../dev/data-folder.ts";
import { hasSharedStream, type MooseConfig } from "../model/config.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Log } from "../telemetry/log.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

export interface ServeProcessOptions {
  readonly config: MooseConfig;
  readonly projectDir: string;
  readonly manifest: Manifest;
  readonly log: Log;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly version: string;
}

/** What is left to do after the deadline is to give up. */
const GIVE_UP_AFTER_MS = 1_000;

/** Throws MooseError when it cannot start. */
export async function serveProcess(options: ServeProcessOptions): Promise<ExitCode> {
  const { config, projectDir, manifest, log, signal } = options;
  const { roles, shutdown } = config;
  const dataDir = resolve(projectDir, config.dataDir);
  // What is embedded belongs to one process; with both elsewhere, several may run from the same folder.
  const embedded = !hasSharedStream(config) || config.clickhouse.url === undefined;
  const release = embedded ? claimDataFolder(dataDir) : () => {};
  try {
    const app = await startApp({ config, projectDir, manifest, log, roles, migrations: "safe" });
    const { api } = app.urls;
    log.info("Ready", { url: api, roles: roles.join(","), pid: process.pid, version: options.version });
    process.send?.({ type: "ready", urls: app.urls });
    await aborted(signal);
    log.info("Stopping: what is under way is finished first", { deadlineMs: shutdown.deadlineMs });
    const begunMs = performance.now();
    const giveUp = setTimeout(() => {
      log.error("Not everything ended by the deadline; what was acknowledged is in the stream", {
        deadlineMs: shutdown.deadlineMs,
      });
      process.exit(exitCodes.interrupted);
    }, shutdown.deadlineMs + GIVE_UP_AFTER_MS);
    await app.stop({ drain: true });
    clearTimeout(giveUp);
    log.info("Stopped", { tookMs: Math.round(performance.now() - begunMs) });
    return exitCodes.ok;
  } finally {
    release();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });
