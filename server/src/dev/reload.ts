// Applies one change of the project to the running server; a mistake is shown and leaves the running version up.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { App } from "../app/app.ts";
import { MooseError } from "../model/errors.ts";
import type { LoadedProject } from "../project/load-project.ts";
import { describeChanges } from "./describe-changes.ts";
import { describeError } from "./describe-error.ts";
import { loadSettled } from "./load-settled.ts";
import type { Terminal } from "./terminal.ts";

export interface ReloaderOptions {
  readonly projectDir: string;
  /** What runs now. */
  readonly project: LoadedProject;
  readonly app: Pick<App, "applyManifest">;
  readonly terminal: Terminal;
  /** Called instead of applying a project that needs a start with another configuration. */
  readonly onConfigChange: (next: LoadedProject) => void;
}

export interface Reloader {
  /** Never throws. Returns the files to follow from now on. */
  reload(changedPath: string): Promise<readonly string[]>;
}

// A file that is moved into the project keeps its date: then the change is timed from when it was noticed.
const OLDEST_SAVE_MS = 5_000;

export function createReloader({ projectDir, project, app, terminal, onConfigChange }: ReloaderOptions): Reloader {
  const { paint } = terminal;
  let current = project;
  let hasMistake = false;

  const showMistake = (error: unknown): void => {
    hasMistake = true;
    terminal.line(
      `\n${describeError(error, paint)}\n\n${paint.yellow("The version before this change keeps running.")}\n`,
    );
  };

  const apply = async (next: LoadedProject, savedMs: number): Promise<void> => {
    const changes = describeChanges(current.manifest, next.manifest);
    if (changes.length > 0) {
      await app.applyManifest(next.manifest);
      const took = `(${Math.round(Date.now() - savedMs)} ms)`;
      for (const change of changes) terminal.line(`${clock()} ${paint.green("changed")} ${change} ${paint.dim(took)}`);
    } else if (hasMistake) {
      terminal.line(`${clock()} ${paint.green("mended")} the project is as the server runs it`);
    }
    current = next;
    hasMistake = false;
  };

  return {
    async reload(changedPath) {
      const savedMs = savedAt(changedPath);
      try {
        const next = await loadSettled(projectDir, [changedPath, ...current.files]);
        if (JSON.stringify(next.config) === JSON.stringify(current.config)) await apply(next, savedMs);
        else onConfigChange(next);
        return next.files;
      } catch (error) {
        showMistake(error);
        return [...current.files, ...mistakenFile(projectDir, error)];
      }
    },
  };
}

/** The file that a mistake stands in, which may be one that the running version does not have. */
export function mistakenFile(projectDir: string, error: unknown): string[] {
  const file = error instanceof MooseError ? error.extra.file : undefined;
  return typeof file === "string" ? [resolve(projectDir, file)] : [];
}

function savedAt(path: string): number {
  const nowMs = Date.now();
  try {
    const { mtimeMs } = statSync(path);
    return nowMs - mtimeMs < OLDEST_SAVE_MS ? mtimeMs : nowMs;
  } catch {
    return nowMs;
  }
}

const clock = (): string => new Date().toTimeString().slice(0, 8);
