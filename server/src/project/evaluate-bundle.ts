// Runs a bundled project in a worker thread of its own, so that code that hangs, throws or exits cannot harm the server.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { ProjectBundle } from "./bundle-project.ts";
import type { ProjectExports } from "./project-entry.ts";

/** What the user's code threw, as text: errors of another thread do not travel whole. */
export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** The field that is wrong, when the language says so (DefinitionError). */
  readonly field?: string;
}

export type Evaluation =
  | { readonly outcome: "exports"; readonly exports: ProjectExports }
  | { readonly outcome: "thrown"; readonly error: ThrownError }
  | { readonly outcome: "timeout" }
  | { readonly outcome: "exited" };

const bootstrap = `
const { parentPort, workerData } = require("node:worker_threads");
Error.stackTraceLimit = 50;
const describe = (error) =>
  error instanceof Error
    ? { name: error.name, message: error.message, stack: String(error.stack), field: error.field }
    : { name: "Error", message: String(error), stack: "" };
process.on("uncaughtException", (error) => parentPort.postMessage({ outcome: "thrown", error: describe(error) }));
import(workerData.url)
  .then(({ definitions, config }) => parentPort.postMessage({ outcome: "exports", exports: { definitions, config } }))
  .catch((error) => parentPort.postMessage({ outcome: "thrown", error: describe(error) }));
`;

let evaluations = 0;

/** The thread, and with it everything that the code loaded, is gone when this resolves: reloads do not add up in memory. */
export async function evaluateBundle(bundle: ProjectBundle, timeoutMs: number): Promise<Evaluation> {
  mkdirSync(bundle.directory, { recursive: true });
  // A file, because packages are found from the place of the importing file; its own name, because `moose check` may run beside `moose dev`.
  const path = join(bundle.directory, `project-${process.pid}-${++evaluations}.mjs`);
  writeFileSync(path, bundle.code);
  const worker = new Worker(bootstrap, {
    eval: true,
    workerData: { url: pathToFileURL(path).href },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Evaluation>((resolve) => {
      worker.once("message", (evaluation: Evaluation) => resolve(evaluation));
      worker.once("error", ({ name, message, stack = "" }) =>
        resolve({ outcome: "thrown", error: { name, message, stack } }),
      );
      worker.once("exit", () => resolve({ outcome: "exited" }));
      timer = setTimeout(() => resolve({ outcome: "timeout" }), timeoutMs);
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
    rmSync(path, { force: true });
  }
}
