// `moose serve`: the production command. Runs a project as it is, in one process or several, until a signal ends it.
import { resolve } from "node:path";
import pico from "picocolors";
import { mergeConfig, withDefaults } from "../model/config.ts";
import { findFiles, projectFolder } from "../project/find-files.ts";
import { loadProject } from "../project/load-project.ts";
import { createJsonLog } from "../telemetry/json-log.ts";
import type { Log } from "../telemetry/log.ts";
import { createTerminalLog } from "../telemetry/terminal-log.ts";
import { endSignal } from "./end-signals.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Command } from "./parse-command.ts";
import { serveProcess } from "./serve-process.ts";
import { checkWorkers, superviseWorkers, WORKER_VARIABLE } from "./supervise-workers.ts";
import { openWorkerChannel } from "./worker-channel.ts";

/** Resolves when a signal ended it. Throws MooseError when it cannot start, UsageError for a variable that cannot be read. */
export async function serve({ dir, overrides, soleWriter, colour }: Command, version: string): Promise<ExitCode> {
  const environment = readEnvironment(process.env);
  const signal = endSignal();
  const projectDir = projectFolder(resolve(dir));
  findFiles(projectDir);
  const project = await loadProject(projectDir);
  const config = withDefaults(mergeConfig(mergeConfig(project.config, environment.config), overrides));
  const log = openLog(environment, colour);
  const worker = process.env[WORKER_VARIABLE];
  if (config.workers > 1 && worker === undefined) {
    checkWorkers(config);
    return superviseWorkers({ config, log, signal });
  }
  const { manifest } = project;
  const peers = worker === undefined ? {} : { peers: openWorkerChannel(Number(worker)) };
  return serveProcess({ config, projectDir, manifest, log, signal, version, soleWriter, ...peers });
}

/** For machines, unless a person looks at it. */
function openLog({ logFormat, logLevel = "info" }: Environment, colour: boolean): Log {
  const format = logFormat ?? (process.stdout.isTTY ? "text" : "json");
  if (format === "json") return createJsonLog({ level: logLevel });
  return createTerminalLog({
    level: logLevel,
    colour: colour && pico.isColorSupported,
    write: (line) => void process.stdout.write(`${line}\n`),
  });
}
