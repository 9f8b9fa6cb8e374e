// One process of `moose serve`: the app with its roles, from the start to an end that loses nothing.
import { resolve } from "node:path";
import { type App, startApp } from "../app/app.ts";
import { claimDataFolder } from "../dev/data-folder.ts";
import { type MooseConfig, sharesStream } from "../model/config.ts";
import type { Manifest } from "../model/manifest.ts";
import type { WorkerPeers } from "../ports/worker-peers.ts";
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
  /** The user says that no other process writes tables now. */
  readonly soleWriter: boolean;
  /** It is one of several workers. */
  readonly peers?: WorkerPeers;
}

/** What is left to do after the deadline is to give up. */
const GIVE_UP_AFTER_MS = 1_000;

/** How soon a log that cannot be written ends the process; requests under way get their answers meanwhile. */
const LOOK_EVERY_MS = 500;

/** Throws MooseError when it cannot start. */
export async function serveProcess(options: ServeProcessOptions): Promise<ExitCode> {
  const { config, projectDir, manifest, log, signal } = options;
  const { roles, shutdown } = config;
  const dataDir = resolve(projectDir, config.dataDir);
  const sharedStream = sharesStream(config);
  // Where the stream is shared, several processes run from one folder; the embedded ClickHouse claims its own part by itself.
  const release = sharedStream ? () => {} : claimDataFolder(dataDir);
  try {
    const migrations = sharedStream && !options.soleWriter ? "beside-writers" : "safe";
    const peers = options.peers === undefined ? {} : { peers: options.peers };
    const app = await startApp({ config, projectDir, manifest, log, roles, sharedStream, migrations, ...peers });
    const { api } = app.urls;
    log.info("Ready", { url: api, roles: roles.join(","), pid: process.pid, version: options.version });
    process.send?.({ type: "ready", urls: app.urls });
    if (!(await untilEnd(app, signal))) {
      // Neither drained nor closed: what failed is what closing would use.
      log.error("A write of the log failed; this process ends, and a new one reads what the disk really holds");
      release();
      return await endAtOnce();
    }
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

/** By SIGKILL: an orderly exit also runs LMDB's, which may wait for ever for the commit that failed (seen with a failing fsync). */
function endAtOnce(): Promise<never> {
  process.stdout.write("", () => process.stderr.write("", () => process.kill(process.pid, "SIGKILL")));
  return new Promise(() => {});
}

/** True when the signal came; false when the app can store nothing any more. */
function untilEnd(app: App, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (asked: boolean): void => {
      clearInterval(timer);
      signal.removeEventListener("abort", onAbort);
      resolve(asked);
    };
    const onAbort = (): void => finish(true);
    const timer = setInterval(() => {
      if (!app.sound()) finish(false);
    }, LOOK_EVERY_MS);
    if (signal.aborted) finish(true);
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}
