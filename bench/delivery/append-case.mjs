// Durable appends of single events: the embedded log against SQLite, in turns, each round with a fresh folder.

import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cpuMsSince, cpuTicks } from "../load/process-cpu.mjs";
import { startChild, stopChild } from "../run/child.mjs";

const LIMIT_MS = 60_000;
const WRITERS = 64;

/** Returns for each writer its rounds: events/s, CPU µs per event, ms until durable. Throws when better-sqlite3 is not in `modules`. */
export async function measureAppends({ here, folder, rounds, measureMs, modules }) {
  createRequire(join(modules, "package.json")).resolve("better-sqlite3");
  const writers = {
    log: [join(here, "dist", "append-to-log.js"), {}],
    sqlite: [join(here, "delivery", "append-to-sqlite.mjs"), { modules, grouped: false }],
    sqliteGrouped: [join(here, "delivery", "append-to-sqlite.mjs"), { modules, grouped: true }],
  };
  const measured = Object.fromEntries(Object.keys(writers).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, [module, more]] of Object.entries(writers)) {
      const data = join(folder, "append");
      mkdirSync(data);
      const job = { folder: data, bodiesFile: join(folder, "single.bodies"), lanes: WRITERS, warmUpMs: 500, measureMs };
      const child = startChild(module, [JSON.stringify({ ...job, ...more })]);
      try {
        await child.until("measuring", LIMIT_MS);
        const before = cpuTicks(child.pid);
        await child.until("measured", measureMs + LIMIT_MS);
        const cpuMs = cpuMsSince(before, child.pid);
        const { accepted, elapsedMs, p50Ms, p99Ms } = await child.until("result", LIMIT_MS);
        const eventsPerSecond = accepted / (elapsedMs / 1000);
        measured[name].push({ eventsPerSecond, cpuUsPerEvent: (cpuMs * 1000) / accepted, p50Ms, p99Ms });
        console.log(
          `append round ${round + 1}/${rounds} ${name}: ${Math.round(eventsPerSecond).toLocaleString("en")} events/s`,
        );
      } finally {
        await stopChild(child);
        rmSync(data, { recursive: true, force: true });
      }
    }
  }
  return { writers: WRITERS, measured };
}
