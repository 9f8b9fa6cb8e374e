// The bench: Moose and its peer in one interleaved run, then latency through the whole product. `pnpm bench -- --help`.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine } from "./report/machine.mjs";
import { printReport } from "./report/print-report.mjs";
import { prepareBodies, withTemporaryFolder } from "./run/prepare.mjs";
import { measureIdleMemory, measureLatency } from "./run/product-cases.mjs";
import { measureThroughput } from "./run/throughput-case.mjs";

const { values } = parseArgs({
  // pnpm passes its own "--" on.
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "6" },
    only: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log("--rounds <n> (3)  --seconds <n> a round (6)  --only ndjson,single,latency,memory");
  process.exit(0);
}
const rounds = Number(values.rounds);
const measureMs = Math.min(60, Number(values.seconds)) * 1000;
const wanted = (name) => values.only === undefined || values.only.split(",").includes(name);
const here = import.meta.dirname;

await withTemporaryFolder(async (folder) => {
  const bodies = prepareBodies(here, folder);
  const result = { date: new Date().toISOString(), machine: describeMachine(), rounds, measureMs, bodies };
  const servers = { moose: "moose-ingest", product: "product", peer: "fastify-ajv" };
  const common = { here, folder, rounds, measureMs, warmUpMs: 1500 };
  if (wanted("ndjson")) {
    result.ndjson = await measureThroughput({
      ...common,
      title: "NDJSON",
      servers,
      connections: 16,
      contentType: "application/x-ndjson",
      bodiesFile: join(folder, "ndjson.bodies"),
    });
  }
  if (wanted("single")) {
    result.single = await measureThroughput({
      ...common,
      title: "single events",
      servers,
      connections: 64,
      contentType: "application/json",
      bodiesFile: join(folder, "single.bodies"),
    });
  }
  if (wanted("memory")) result.idleMemory = await measureIdleMemory({ here, folder });
  if (wanted("latency")) result.latency = await measureLatency({ here, folder });
  printReport(result);
  mkdirSync(join(here, "results"), { recursive: true });
  writeFileSync(join(here, "results", "latest.json"), `${JSON.stringify(result, null, 2)}\n`);
});
