// The steps of `npm start`: install, build, run `moose dev` on the flights example, replay flights into it, end together.
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "./build.mjs";
import { endTogether, onEndSignal, signalGroup } from "./end-on-signal.mjs";
import { install } from "./install.mjs";
import { bold, dim } from "./progress.mjs";
import { help, parseStartOptions } from "./start-options.mjs";
import { StepFailure } from "./step-failure.mjs";
import { root } from "./workspace.mjs";

const project = join(root, "examples", "flights");
const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 15_000;
const EXIT_CODE_USAGE = 2;

export async function startFlights(args) {
  let options;
  try {
    options = parseStartOptions(args);
  } catch (error) {
    console.error(error.message);
    process.exit(EXIT_CODE_USAGE);
  }
  if (options.help) {
    console.log(help);
    return;
  }

  let moose;
  let replay;
  let ending = false;
  onEndSignal(() => {
    ending = true;
    if (moose === undefined) process.exit(0);
    void endAll([replay, moose]).then(() => process.exit(0));
  });

  try {
    console.log(bold("Moose with the flights example"));
    await install();
    await build();
    moose = startMoose(options);
    const { urls } = await readiness(moose);
    if (!options["no-replay"]) replay = startReplay(urls.api, options.rate);
    const code = await exitOf(moose);
    // When a signal is being handled, its handler ends the process.
    if (!ending) process.exit(code);
  } catch (error) {
    if (ending) return;
    console.error(error instanceof StepFailure ? error.message : error);
    process.exit(1);
  }
}

function startMoose(options) {
  const args = [join(root, "server", "dist", "cli", "main.js"), "dev", project];
  if (options.reset) args.push("--reset");
  if (options.port !== undefined) args.push("--port", options.port);
  if (options["clickhouse-port"] !== undefined) args.push("--clickhouse-port", options["clickhouse-port"]);
  if (options["data-dir"] !== undefined) args.push("--data-dir", resolve(options["data-dir"]));
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: true,
  });
  endTogether(child);
  return child;
}

/** The message that `moose dev` sends once it serves. When it ends before that, it has said why, and so do we by its exit code. */
function readiness(moose) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new StepFailure(
            `Moose was not ready within ${READY_TIMEOUT_MS / 1000} s.`,
            "",
            "Look at what it printed above.",
          ),
        ),
      READY_TIMEOUT_MS,
    );
    moose.once("error", reject);
    moose.on("message", (message) => {
      if (message?.type !== "ready") return;
      clearTimeout(timer);
      resolve(message);
    });
    moose.once("exit", (code) => {
      clearTimeout(timer);
      process.exit(code ?? 1);
    });
  });
}

function startReplay(url, rate) {
  const watchdog = pathToFileURL(join(root, "scripts", "steps", "end-with-parent.mjs")).href;
  // Small heaps: measured 95 MB resident instead of 130.
  const heap = ["--max-semi-space-size=1", "--max-old-space-size=64"];
  const args = [...heap, "--import", watchdog, join(project, "dist", "replay.js"), "--url", url, "--loop"];
  if (rate !== undefined) args.push("--rate", rate);
  const child = spawn(process.execPath, args, {
    cwd: project,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
  });
  endTogether(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-4096);
    });
  }
  child.once("close", (code) => {
    if (code !== 0 && code !== null)
      console.error(`The replay of flights ended (exit code ${code}):\n${output.trimEnd()}`);
  });
  const speed = rate === undefined ? "" : ` at ${Number(rate).toLocaleString("en")} events/s`;
  console.log(
    dim(`  Replaying real flights${speed}; another speed: npm start -- --rate <events/s>. Ctrl-C ends everything.\n`),
  );
  return child;
}

/** The replay first, so that it does not report the server's end as an error. */
async function endAll(children) {
  for (const child of children) {
    if (child === undefined) continue;
    signalGroup(child, "SIGTERM");
    const timer = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_TIMEOUT_MS);
    await exitOf(child);
    clearTimeout(timer);
  }
}

function exitOf(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? 1);
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}
