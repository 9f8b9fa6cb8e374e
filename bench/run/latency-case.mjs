// What only the whole product can show: latency from ingest to its readers.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startChild, stopChild, withServer } from "./child.mjs";

const PROBE_LIMIT_MS = 120_000;

async function withProduct({ here, folder, project }, work) {
  const data = join(folder, "product-data");
  mkdirSync(data);
  try {
    return await withServer({ project }, { here, data }, work);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** 300 probes over 30 s beside a steady load; by default the example at 2,000 events/s. A project of its own has Flight and FlightTotals, too. */
export function measureLatency({
  here,
  folder,
  project = "../examples/flights",
  backgroundRows = 100,
  backgroundIntervalMs = 50,
}) {
  return withProduct({ here, folder, project }, async ({ port }) => {
    const job = {
      port,
      samples: 300,
      intervalMs: 100,
      backgroundRows,
      backgroundIntervalMs,
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
