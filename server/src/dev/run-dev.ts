// `moose dev`: runs the user's project, applies every change to it while it runs, and shows what happens.
import type { App } from "../app/app.ts";
import { mergeConfig, type UserConfig, withDefaults } from "../model/config.ts";
import { MooseError } from "../model/errors.ts";
import { findFiles, projectFolder } from "../project/find-files.ts";
import type { LoadedProject } from "../project/load-project.ts";
import { describeError } from "./describe-error.ts";
import { firstLoad } from "./first-load.ts";
import { runProject } from "./run-project.ts";
import type { Terminal } from "./terminal.ts";

export interface DevOptions {
  readonly dir: string;
  /** From the command line: goes before the project's configuration. */
  readonly overrides: UserConfig;
  /** Remove the project's data first. */
  readonly reset: boolean;
  readonly terminal: Terminal;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Called when the server answers and changes are watched; again after a restart with another configuration. */
  readonly onReady?: (urls: App["urls"]) => void;
}

/**
 * Resolves when the signal ended everything. Throws MooseError when it cannot start; a mistake in a file of the project
 * is no reason for that: it is shown, and mending it starts the server.
 */
export async function runDev(options: DevOptions): Promise<void> {
  const { overrides, terminal, signal } = options;
  const { paint } = terminal;
  let startedMs = Date.now();
  const projectDir = projectFolder(options.dir);
  findFiles(projectDir);
  // Loading the server's code takes longer than loading a project: both at once. A failure shows when it is used.
  import("../app/app.ts").catch(() => {});
  let project = await firstLoad(projectDir, terminal, signal);
  /** The last project that did start, to go back to. */
  let proven: LoadedProject | undefined;
  let { reset } = options;

  while (project !== undefined && !signal.aborted) {
    const current: LoadedProject = project;
    const ending = new AbortController();
    let next: LoadedProject | undefined;
    try {
      await runProject({
        projectDir,
        project: current,
        config: withDefaults(mergeConfig(current.config, overrides)),
        reset,
        terminal,
        startedMs,
        signal: AbortSignal.any([signal, ending.signal]),
        onReady: (urls) => {
          proven = current;
          options.onReady?.(urls);
        },
        onConfigChange: (changed) => {
          next = changed;
          startedMs = Date.now();
          terminal.line(paint.yellow("The configuration changed: starting again with it …"));
          ending.abort();
        },
      });
    } catch (error) {
      if (proven === undefined || !(error instanceof MooseError)) throw error;
      terminal.line(
        `\n${describeError(error, paint)}\n\n${paint.yellow("Starting again with the configuration before.")}\n`,
      );
      next = { ...current, config: proven.config };
      proven = undefined;
    }
    reset = false;
    project = next;
  }
  terminal.line(paint.dim("Stopped; the data is kept."));
}
