// What only the whole product can show: latency from ingest to readers, and memory when nothing happens.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { residentMemory } from "../load/process-cpu.mjs";
import { startChild, stopChild, withServer } from "./child.mjs";

const PROBE_LIMIT_MS = 120_000;
/** Long enough for start-up garbage to be collected or not, as it is for a user. */
const IDLE_MS = 10_000;

/** As `npm start` runs it. */
const replayHeap = ["--max-semi-space-size=1", "--max-old-space-size=64"];

async function withProduct(here, folder, work) {
  const data = join(folder, "product-data");
  mkdirSync(data);
  try {
    return await withServer("product", { here, data }, work);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** 300 probes over 30 s beside a load of 2,000 events/s. */
export function measureLatency({ here, folder }) {
  return withProduct(here, folder, async ({ port }) => {
    const job = {
      port,
      samples: 300,
      intervalMs: 100,
      backgroundRows: 100,
      backgroundIntervalMs: 50,
      bodiesFile: join(folder, "ndjson.bodies"),
    };
    const probe = startChild(join(here, "load", "latency-probe.mjs"), [JSON.stringify(job)]);
    try {
      const { event: _, ...measured } = await probe.until("result", PROBE_LIMIT_MS);
      return { load: { eventsPerSecond: (job.backgroundRows * 1000) / job.backgroundIntervalMs }, ...measured };
    } finally {
      await stopChild(probe);
    }
  });
}

/** Server, engine and the replay at its usual rate, after a while. */
export function measureIdleMemory({ here, folder }) {
  return withProduct(here, folder, async ({ port, pid }) => {
    const replayFile = join(here, "..", "examples", "flights", "dist", "replay.js");
    const replay = startChild(replayFile, ["--url", `http://127.0.0.1:${port}`], replayHeap);
    try {
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
      const processes = [...residentMemory(pid), ...residentMemory(replay.pid)].map(({ command, bytes }) => ({
        name: nameOf(command),
        bytes,
      }));
      return { processes, totalBytes: processes.reduce((sum, { bytes }) => sum + bytes, 0) };
    } finally {
      await stopChild(replay);
    }
  });
}

const nameOf = (command) => {
  for (const [part, name] of [
    ["cli/main", "server"],
    ["engine-process", "embedded ClickHouse"],
    ["replay", "replay"],
    ["esbuild", "esbuild"],
  ]) {
    if (command.includes(part)) return name;
  }
  return command.slice(0, 60);
};
