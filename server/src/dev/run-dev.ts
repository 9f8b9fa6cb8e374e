// `moose dev`: runs the user's project, applies every change to it while it runs, and shows what happens.
import { resolve } from "node:path";
import type { App } from "../app/app.ts";
import { type MooseConfig, type UserConfig, withDefaults } from "../model/config.ts";
import { findFiles, projectFolder } from "../project/find-files.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { createTerminalLog } from "../telemetry/terminal-log.ts";
import { watchActivity } from "./activity.ts";
import { banner } from "./banner.ts";
import { claimDataFolder, resetDataFolder } from "./data-folder.ts";
import { firstLoad } from "./first-load.ts";
import { createReloader } from "./reload.ts";
import { reportActivity } from "./report-activity.ts";
import { reportRejections } from "./report-rejections.ts";
import type { Terminal } from "./terminal.ts";
import { watchProject } from "./watch-project.ts";

export interface DevOptions {
  readonly dir: string;
  /** From the command line: goes before the project's configuration. */
  readonly overrides: UserConfig;
  /** Remove the project's data first. */
  readonly reset: boolean;
  readonly terminal: Terminal;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Called once, when the server answers and changes are watched. */
  readonly onReady?: (urls: App["urls"]) => void;
}

/**
 * Resolves when the signal ended everything. Throws MooseError when it cannot start; a mistake in a file of the project
 * is no reason for that: it is shown, and mending it starts the server.
 */
export async function runDev({ dir, overrides, reset, terminal, signal, onReady }: DevOptions): Promise<void> {
  const startedMs = Date.now();
  const projectDir = projectFolder(dir);
  findFiles(projectDir);
  // Loading the server's code takes longer than loading a project: both at once.
  const appModule = import("../app/app.ts");
  appModule.catch(() => {});
  const project = await firstLoad(projectDir, terminal, signal);
  if (project === undefined) return;

  const config = withOverrides(project.config, overrides);
  const dataDir = resolve(projectDir, config.dataDir);
  if (reset) resetDataFolder(projectDir, dataDir);
  const releaseDataFolder = claimDataFolder(dataDir);
  try {
    const { startApp } = await appModule;
    const log = createTerminalLog({ write: terminal.line, colour: terminal.paint.isColorSupported });
    const activity = watchActivity(createMetrics());
    const { manifest } = project;
    const app = await startApp({
      config,
      manifest,
      projectDir,
      log,
      metrics: activity.metrics,
      onVerdict: reportRejections(terminal),
    });
    const ending: (() => void)[] = [];
    try {
      const reloader = createReloader({ projectDir, project, app, terminal });
      const watcher = watchProject({
        projectDir,
        onChange: async (path) => watcher.follow(await reloader.reload(path)),
        onProblem: ({ message }) =>
          log.warn("changes may go unnoticed: the system watches no more folders", { message }),
      });
      ending.push(() => watcher.close());
      watcher.follow(project.files);
      terminal.line(banner({ urls: app.urls, manifest, dataDir, tookMs: Date.now() - startedMs }, terminal.paint));
      ending.push(reportActivity(activity, terminal));
      onReady?.(app.urls);
      await aborted(signal);
      terminal.line(terminal.paint.dim("Stopping …"));
    } finally {
      for (const end of ending) end();
      await app.stop();
    }
  } finally {
    releaseDataFolder();
  }
  terminal.line(terminal.paint.dim("Stopped; the data is kept."));
}

function withOverrides(config: UserConfig, overrides: UserConfig): MooseConfig {
  return withDefaults({
    ...config,
    ...overrides,
    http: { ...config.http, ...overrides.http },
    clickhouse: { ...config.clickhouse, ...overrides.clickhouse },
  });
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });
