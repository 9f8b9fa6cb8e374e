// Sustained ingest: as fast as the product takes events over HTTP for minutes, until every one of them can be queried; with its memory and its disk.
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { cpuMsSince, cpuTicks, memoryOf } from "../load/process-cpu.mjs";
import { startChild, stopChild, withServer } from "../run/child.mjs";

const MARGIN_MS = 120_000;
const SAMPLE_MS = 5_000;

/** Returns events/s from the first request until the last event is queryable, and a sample of memory and disk every five seconds. */
export async function measureSustained({ here, folder, seconds, connections = 16 }) {
  const data = join(folder, "sustained-data");
  mkdirSync(data);
  try {
    return await withServer({ project: "sustained" }, { here, data }, async ({ port, pid, clickhouse }) => {
      const job = {
        port,
        path: "/ingest/Measurement",
        contentType: "application/x-ndjson",
        bodiesFile: join(folder, "measurements.bodies"),
        connections,
        // Every event counts: what is accepted is compared with what can be queried.
        warmUpMs: 0,
        measureMs: seconds * 1000,
      };
      const load = startChild(join(here, "load", "http-load.mjs"), [JSON.stringify(job)]);
      try {
        await load.until("measuring", MARGIN_MS);
        const begunAt = performance.now();
        const before = cpuTicks(pid);
        const samples = [];
        const sampling = setInterval(async () => {
          const queryable = await countRows(clickhouse).catch(() => Number.NaN);
          samples.push({
            seconds: Math.round((performance.now() - begunAt) / 1000),
            queryable,
            memoryMiB: memoryOf(pid).map(({ anonymousBytes }) => Math.round(anonymousBytes / 2 ** 20)),
            logMiB: Math.round(bytesIn(join(data, "log")) / 2 ** 20),
          });
        }, SAMPLE_MS);
        await load.until("measured", job.measureMs + MARGIN_MS);
        // Replies on their way when measuring ends are not counted as accepted: rows may be a few bodies more.
        const { accepted, statuses, p50Ms, p99Ms, cpuMs } = await load.until("result", MARGIN_MS);
        let queryable = await countRows(clickhouse);
        while (queryable < accepted) {
          if (performance.now() - begunAt > job.measureMs + MARGIN_MS)
            throw new Error(`${queryable} of ${accepted} events can be queried`);
          await new Promise((resolve) => setTimeout(resolve, 50));
          queryable = await countRows(clickhouse);
        }
        const elapsedMs = performance.now() - begunAt;
        clearInterval(sampling);
        const serverCpuMs = cpuMsSince(before, pid);
        return {
          seconds: elapsedMs / 1000,
          accepted,
          queryable,
          eventsPerSecond: accepted / (elapsedMs / 1000),
          serverCpuUsPerEvent: (serverCpuMs * 1000) / accepted,
          loadCpuUsPerEvent: (cpuMs * 1000) / accepted,
          statuses,
          p50Ms,
          p99Ms,
          samples,
        };
      } finally {
        await stopChild(load);
      }
    });
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

async function countRows(clickhouse) {
  const { origin, username, password } = new URL(clickhouse);
  const response = await fetch(
    `${origin}/?database=moose&query=${encodeURIComponent("SELECT count() FROM Measurement FORMAT TabSeparated")}`,
    {
      headers: { "x-clickhouse-user": decodeURIComponent(username), "x-clickhouse-key": decodeURIComponent(password) },
      signal: AbortSignal.timeout(30_000),
    },
  );
  if (!response.ok) throw new Error(`ClickHouse answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  return Number(await response.text());
}

function bytesIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(folder, entry.name)).blocks * 512, 0);
}
