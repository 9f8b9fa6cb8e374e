// The bench of the ingest SDK: events a second and CPU for each, beside batching of plain JSON in the same run, and main-thread time in Chromium. `node bench/sdk.mjs --help`.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine } from "./report/machine.mjs";
import { startChild, withServer } from "./run/child.mjs";
import { withTemporaryFolder } from "./run/prepare.mjs";
import { measurePage } from "./sdk/page-case.mjs";
import { sdkReport } from "./sdk/report.mjs";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    rounds: { type: "string", default: "5" },
    events: { type: "string", default: "100000" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log("--rounds <n>  of each kind, interleaved (5)\n--events <n>  of a run (100000)");
  process.exit(0);
}

const here = import.meta.dirname;
const kinds = ["plain JSON, 1,000 a batch", "SDK, memory", "SDK, memory, gzip", "SDK, file", "plain JSON, 20 a batch"];
const RUN_LIMIT_MS = 300_000;

await withTemporaryFolder(async (folder) => {
  const result = { date: new Date().toISOString(), machine: describeMachine(), runs: [], page: [] };
  await withServer({ entry: "moose-ids" }, { here, data: join(folder, "server") }, async ({ port }) => {
    const url = `http://127.0.0.1:${port}`;
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const kind of kinds) {
        const sender = startChild(join(here, "dist", "sdk-sender.js"), [url, kind, values.events, folder]);
        const { seconds, cpuMicros, events } = await sender.until("done", RUN_LIMIT_MS);
        await sender.exited;
        result.runs.push({ kind, eventsPerSecond: events / seconds, cpuMicrosPerEvent: cpuMicros / events });
        console.log(
          `round ${round + 1}  ${kind}: ${Math.round(events / seconds)} events/s, ${(cpuMicros / events).toFixed(2)} µs CPU each`,
        );
      }
    }
    result.page = await measurePage({ here, url });
  });
  mkdirSync(join(here, "results"), { recursive: true });
  writeFileSync(join(here, "results", "sdk.json"), `${JSON.stringify(result, undefined, 2)}\n`);
  const report = sdkReport(result, kinds);
  writeFileSync(join(here, "results", "sdk.md"), report);
  console.log(`\n${report}`);
});
