// The bench of delivery: durable appends, the table writer's cost, sustained ingest, and latency under 20 MB/s. `node bench/delivery.mjs --help`.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureAppends } from "./delivery/append-case.mjs";
import { deliveryReport } from "./delivery/report.mjs";
import { measureSustained } from "./delivery/sustained-case.mjs";
import { measureTableWriter } from "./delivery/table-writer-case.mjs";
import { describeMachine } from "./report/machine.mjs";
import { measureLatency } from "./run/latency-case.mjs";
import { prepareBodies, withTemporaryFolder } from "./run/prepare.mjs";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "300" },
    only: { type: "string" },
    sqlite: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(`--rounds <n>       of append and writer (5)
--seconds <n>      of sustained (300)
--only append,writer,sustained,latency
--sqlite <folder>  where better-sqlite3 is installed (npm install better-sqlite3); without it append is left out`);
  process.exit(0);
}
const rounds = Number(values.rounds);
const wanted = (name) => values.only === undefined || values.only.split(",").includes(name);
const here = import.meta.dirname;
/** 2,000 events of 140 bytes every 14 ms. */
const TWENTY_MEGABYTES = { backgroundRows: 2_000, backgroundIntervalMs: 14 };

await withTemporaryFolder(async (folder) => {
  const bodies = prepareBodies(here, folder);
  const result = { date: new Date().toISOString(), machine: describeMachine(), rounds, bodies };
  if (wanted("append")) {
    if (values.sqlite === undefined) console.log("append is left out: --sqlite names no folder with better-sqlite3");
    else result.append = await measureAppends({ here, folder, rounds, measureMs: 3_000, modules: values.sqlite });
  }
  if (wanted("writer")) result.writer = await measureTableWriter({ here, folder, rounds });
  if (wanted("sustained")) result.sustained = await measureSustained({ here, folder, seconds: Number(values.seconds) });
  if (wanted("latency")) {
    result.latency = await measureLatency({ here, folder, project: "one-aggregation", ...TWENTY_MEGABYTES });
    result.latencyOfExample = await measureLatency({ here, folder, ...TWENTY_MEGABYTES });
  }
  const text = deliveryReport(result);
  console.log(`\n${text}`);
  mkdirSync(join(here, "results"), { recursive: true });
  const name = values.only === undefined ? "delivery" : "delivery-partial";
  writeFileSync(join(here, "results", `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(here, "results", `${name}.md`), `# The last whole run\n\n${text}`);
});
