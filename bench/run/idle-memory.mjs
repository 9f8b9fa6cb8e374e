// Memory of everything that `npm start` runs, after a while at its usual 500 events/s.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { memoryOf, processTree } from "../load/process-cpu.mjs";

const READY_LIMIT_MS = 240_000;
const STOP_LIMIT_MS = 30_000;
/** Long enough for what start-up needed to be given back. */
const IDLE_MS = 30_000;

/** The parts by a piece of their command line. "moose" is what a project of one's own runs; the rest belongs to the example. */
const parts = [
  ["cli/main", "server", "moose"],
  ["engine-process", "embedded ClickHouse", "moose"],
  ["esbuild", "esbuild", "moose"],
  ["replay", "replay of flights", "example"],
  ["sh -c", "shell", "example"],
  ["scripts/start.mjs", "launcher", "example"],
  ["npm", "npm", "example"],
];

export async function measureIdleMemory({ here, folder }) {
  const args = ["start", "--", "--port", "0", "--clickhouse-port", "0", "--data-dir", join(folder, "idle-data")];
  const npm = spawn("npm", args, { cwd: join(here, ".."), stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise((resolve) => npm.once("exit", resolve));
  try {
    await replaying(npm);
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    const processes = memoryOf(npm.pid).map(({ command, ...bytes }) => ({ ...partOf(command), ...bytes }));
    const sum = (of) => processes.filter(of).reduce((total, { residentBytes }) => total + residentBytes, 0);
    return { processes, mooseBytes: sum(({ belongsTo }) => belongsTo === "moose"), totalBytes: sum(() => true) };
  } finally {
    await end(npm.pid, exited);
  }
}

function replaying(npm) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("npm start did not begin to replay")), READY_LIMIT_MS);
    npm.once("exit", (code) => reject(new Error(`npm start ended (exit code ${code})`)));
    createInterface({ input: npm.stdout }).on("line", (line) => {
      if (!line.includes("Replaying")) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The launcher ends the rest in order; the shell between npm and it may not pass a signal on. */
async function end(pid, exited) {
  const tree = memoryOf(pid);
  const launcher = tree.find(({ command }) => /^\S*node\S* scripts\/start\.mjs/.test(command));
  process.kill(launcher?.pid ?? pid, "SIGTERM");
  const forced = setTimeout(() => {
    for (const entry of processTree(pid)) process.kill(entry.pid, "SIGKILL");
  }, STOP_LIMIT_MS);
  await exited;
  clearTimeout(forced);
}

function partOf(command) {
  const [, name, belongsTo] = parts.find(([piece]) => command.includes(piece)) ?? ["", command.slice(0, 60), "example"];
  return { name, belongsTo };
}
