// Runs a loaded project under one configuration: from the start of the server to its end.
import { resolve } from "node:path";
import type { App } from "../app/app.ts";
import type { MooseConfig } from "../model/config.ts";
import type { LoadedProject } from "../project/load-project.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { createTerminalLog } from "../telemetry/terminal-log.ts";
import { watchActivity } from "./activity.ts";
import { banner } from "./banner.ts";
import { claimDataFolder, resetDataFolder } from "./data-folder.ts";
import { createReloader } from "./reload.ts";
import { reportActivity } from "./report-activity.ts";
import { reportRejections } from "./report-rejections.ts";
import type { Terminal } from "./terminal.ts";
import { watchProject } from "./watch-project.ts";

export interface ProjectRun {
  readonly projectDir: string;
  readonly project: LoadedProject;
  readonly config: MooseConfig;
  readonly reset: boolean;
  readonly terminal: Terminal;
  readonly startedMs: number;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Called when the server answers and changes are watched. */
  readonly onReady: (urls: App["urls"]) => void;
  /** The project was loaded with another configuration, which this run cannot take over. */
  readonly onConfigChange: (next: LoadedProject) => void;
}

/** Resolves when the signal ended the run and everything is closed. Throws MooseError when it cannot start. */
export async function runProject(run: ProjectRun): Promise<void> {
  const { projectDir, project, config, terminal, signal } = run;
  const { manifest } = project;
  const dataDir = resolve(projectDir, config.dataDir);
  if (run.reset) resetDataFolder(projectDir, dataDir);
  const releaseDataFolder = claimDataFolder(dataDir);
  try {
    const { startApp } = await import("../app/app.ts");
    const log = createTerminalLog({ write: terminal.line, colour: terminal.paint.isColorSupported });
    const activity = watchActivity(createMetrics());
    const { metrics } = activity;
    const app = await startApp({ config, manifest, projectDir, log, metrics, onVerdict: reportRejections(terminal) });
    const ending: (() => Promise<void> | void)[] = [];
    try {
      const reloader = createReloader({ projectDir, project, app, terminal, onConfigChange: run.onConfigChange });
      const watcher = watchProject({
        projectDir,
        onChange: async (path) => watcher.follow(await reloader.reload(path)),
        onProblem: ({ message }) =>
          log.warn("changes may go unnoticed: the system watches no more folders", { message }),
      });
      ending.push(() => watcher.close());
      watcher.follow(project.files);
      terminal.line(banner({ urls: app.urls, manifest, dataDir, tookMs: Date.now() - run.startedMs }, terminal.paint));
      ending.push(reportActivity(activity, terminal));
      watcher.look();
      run.onReady(app.urls);
      await aborted(signal);
      terminal.line(terminal.paint.dim("Stopping …"));
    } finally {
      for (const end of ending) await end();
      await app.stop();
    }
  } finally {
    releaseDataFolder();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener("abort", () => done(), { once: true });
  });
