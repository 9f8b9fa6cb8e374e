// Throughput: each round runs every server once, in turns, each with a fresh folder and the same load.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cpuMsSince, cpuTicks } from "../load/process-cpu.mjs";
import { startChild, stopChild, withServer } from "./child.mjs";

const LOAD_MARGIN_MS = 60_000;

/**
 * `servers` by name: { entry } of dist, { project } for `moose dev` on it, or { bound }: a process that appends by itself, without a server.
 * Returns for each its rounds: events/s, CPU µs per event (server with its children; load generator), reply times.
 */
export async function measureThroughput(options) {
  const measured = Object.fromEntries(Object.keys(options.servers).map((name) => [name, []]));
  for (let round = 0; round < options.rounds; round++) {
    for (const [name, server] of Object.entries(options.servers)) {
      const figures = await measureOnce(server, options);
      measured[name].push(figures);
      const rate = Math.round(figures.eventsPerSecond).toLocaleString("en");
      console.log(`${options.title} round ${round + 1}/${options.rounds} ${name}: ${rate} events/s`);
    }
  }
  return measured;
}

async function measureOnce(server, options) {
  const { here, folder, path, connections, contentType, bodiesFile, warmUpMs, measureMs } = options;
  const data = join(folder, "data");
  mkdirSync(data);
  const job = { bodiesFile, connections, warmUpMs, measureMs };
  try {
    if (server.bound) {
      const bound = startChild(join(here, server.bound), [JSON.stringify({ ...job, folder: data })]);
      return await watchLoad(bound, bound.pid, job);
    }
    return await withServer(server, { here, data }, async ({ port, pid }) => {
      const target = { ...job, port, path, contentType };
      const load = startChild(join(here, "load", "http-load.mjs"), [JSON.stringify(target)]);
      return await watchLoad(load, pid, job);
    });
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** `pid` is the process whose CPU time counts as the server's, with its children. */
async function watchLoad(load, pid, { warmUpMs, measureMs }) {
  try {
    await load.until("measuring", warmUpMs + LOAD_MARGIN_MS);
    const before = cpuTicks(pid);
    await load.until("measured", measureMs + LOAD_MARGIN_MS);
    const serverCpuMs = cpuMsSince(before, pid);
    const result = await load.until("result", LOAD_MARGIN_MS);
    return figuresOf(result, serverCpuMs);
  } finally {
    await stopChild(load);
  }
}

function figuresOf(result, serverCpuMs) {
  const refused = Object.entries(result.statuses).filter(([status]) => status !== "200");
  if (result.accepted === 0) throw new Error(`nothing was accepted: ${JSON.stringify(result.statuses)}`);
  return {
    eventsPerSecond: result.accepted / (result.elapsedMs / 1000),
    megabytesPerSecond: result.sentBytes / 1e6 / (result.elapsedMs / 1000),
    serverCpuUsPerEvent: (serverCpuMs * 1000) / result.accepted,
    loadCpuUsPerEvent: (result.cpuMs * 1000) / result.accepted,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    notAccepted: Object.fromEntries(refused),
  };
}
