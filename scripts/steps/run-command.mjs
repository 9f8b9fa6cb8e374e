// Runs one command of a step quietly: keeps the end of its output for the case that it fails, and ends it with this process.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { StepFailure } from "./step-failure.mjs";
import { readJson, root } from "./workspace.mjs";

const KEPT_CHARACTERS = 64 * 1024;

/** Resolves when the command ends well; throws StepFailure with its last lines when not. */
export async function runCommand(command, args, { what, advice, env = {} }) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    // Into a pipe, colour codes would only be noise in what is shown of a failure.
    env: { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: "1" }), ...env },
    shell: process.platform === "win32" && !command.endsWith(".exe"),
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    });
  }
  const end = () => child.kill();
  process.once("exit", end);
  try {
    await new Promise((resolve, reject) => {
      child.once("error", (error) =>
        reject(new StepFailure(`${what} could not start: ${error.message}`, output, advice)),
      );
      child.once("close", (code, signal) => {
        if (code === 0) resolve();
        else reject(new StepFailure(`${what} failed (${signal ?? `exit code ${code}`}).`, output, advice));
      });
    });
  } finally {
    process.removeListener("exit", end);
  }
}

/** Command and arguments that run this repository's own version of pnpm, which need not be installed. */
export function pnpm(...args) {
  const version = readJson(join(root, "package.json")).packageManager;
  // npm tells its scripts where it is; its npx stands beside it and needs no shell, whatever the system.
  const npx = process.env.npm_execpath && join(dirname(process.env.npm_execpath), "npx-cli.js");
  const [command, first] = npx && existsSync(npx) ? [process.execPath, [npx]] : ["npx", []];
  return [command, [...first, "--yes", version, ...args]];
}
