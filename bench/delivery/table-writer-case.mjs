// What the table writer costs: CPU of its process and of the engine for each event, against blocks built beforehand and against JSONEachRow.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cpuMsSince, cpuTicks } from "../load/process-cpu.mjs";
import { startChild, stopChild } from "../run/child.mjs";

const LIMIT_MS = 180_000;
const EVENTS = 1_200_000;
const WAYS = ["writer", "native", "json", "objects"];

/** Returns for each way its rounds: CPU µs per event of client and engine, without and with the merges that follow, and events/s. */
export async function measureTableWriter({ here, folder, rounds }) {
  const measured = Object.fromEntries(WAYS.map((way) => [way, []]));
  for (let round = 0; round < rounds; round++) {
    for (const way of WAYS) {
      const data = join(folder, "writer");
      mkdirSync(data);
      const job = { folder: data, bodiesFile: join(folder, "ndjson.bodies"), way, events: EVENTS };
      const child = startChild(join(here, "dist", "table-writer.js"), [JSON.stringify(job)]);
      try {
        await child.until("measuring", LIMIT_MS);
        const before = cpuTicks(child.pid);
        await child.until("measured", LIMIT_MS);
        const cpuMs = cpuMsSince(before, child.pid);
        const clientMs = cpuMsSince(before, child.pid, { alone: true });
        await child.until("merged", LIMIT_MS);
        const mergedMs = cpuMsSince(before, child.pid);
        const { rows, elapsedMs } = await child.until("result", LIMIT_MS);
        if (rows !== EVENTS) throw new Error(`${way}: ${rows} rows of ${EVENTS} are in the table`);
        const perEvent = (ms) => (ms * 1000) / EVENTS;
        const cpuUsPerEvent = perEvent(cpuMs);
        measured[way].push({
          cpuUsPerEvent,
          clientCpuUsPerEvent: perEvent(clientMs),
          mergedCpuUsPerEvent: perEvent(mergedMs),
          eventsPerSecond: EVENTS / (elapsedMs / 1000),
        });
        console.log(`writer round ${round + 1}/${rounds} ${way}: ${cpuUsPerEvent.toFixed(2)} CPU µs/event`);
      } finally {
        await stopChild(child);
        rmSync(data, { recursive: true, force: true });
      }
    }
  }
  return { events: EVENTS, measured };
}
