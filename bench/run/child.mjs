// Child processes of the bench: they say that they are ready, and whatever happens they end with it.
import { fork } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;

/** Starts `node <module> <args>`. `until` waits for a JSON line of stdout with that event. */
export function startChild(module, args, execArgv = []) {
  const child = fork(module, args, { stdio: ["ignore", "pipe", "inherit", "ipc"], execArgv });
  const exited = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  const waiting = new Map();
  const seen = new Map();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = parse(line);
    if (message?.event === undefined) return;
    seen.set(message.event, message);
    waiting.get(message.event)?.(message);
  });
  const until = (event, limitMs) => {
    if (seen.has(event)) return Promise.resolve(seen.get(event));
    const said = new Promise((resolve) => waiting.set(event, resolve));
    return within(said, exited, `${module}: "${event}"`, limitMs);
  };
  const ipc = (limitMs) =>
    within(new Promise((resolve) => child.once("message", resolve)), exited, `${module}: a message`, limitMs);
  return { child, pid: child.pid, exited, until, ipc };
}

/** Ends with SIGTERM, then with SIGKILL. */
export async function stopChild({ child, exited }) {
  child.kill("SIGTERM");
  const forced = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await exited;
  clearTimeout(forced);
}

/** Runs `work` with a server of the bench, or with `moose dev` on a project, that is ready; stops it in any case. */
export async function withServer(server, { here, data }, work) {
  const started = server.project
    ? startChild(join(here, "..", "server", "dist", "cli", "main.js"), productArgs(join(here, server.project), data))
    : startChild(join(here, "dist", `${server.entry}.js`), [data]);
  try {
    if (!server.project) return await work({ ...(await started.until("ready", READY_LIMIT_MS)), pid: started.pid });
    const { urls } = await started.ipc(READY_LIMIT_MS);
    return await work({ port: Number(new URL(urls.api).port), clickhouse: urls.clickhouse, pid: started.pid });
  } finally {
    await stopChild(started);
  }
}

const productArgs = (project, data) => [
  "dev",
  project,
  ...["--port", "0", "--clickhouse-port", "0", "--data-dir", data, "--no-color"],
];

async function within(wanted, exited, what, limitMs) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${limitMs} ms`)), limitMs);
  });
  const ended = exited.then((how) => {
    throw new Error(`${what} did not come: the process ended with ${JSON.stringify(how)}`);
  });
  try {
    return await Promise.race([wanted, late, ended]);
  } finally {
    clearTimeout(timer);
    // A later end is expected, and nobody's error.
    ended.catch(() => {});
  }
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
