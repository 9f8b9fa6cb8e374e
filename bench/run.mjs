// The bench: Moose, its peer, the log alone and the disk alone in one interleaved run, then latency and memory of the whole product. `pnpm bench --help`.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine } from "./report/machine.mjs";
import { report } from "./report/report.mjs";
import { measureIdleMemory } from "./run/idle-memory.mjs";
import { measureLatency } from "./run/latency-case.mjs";
import { prepareBodies, withTemporaryFolder } from "./run/prepare.mjs";
import { measureThroughput } from "./run/throughput-case.mjs";
import { throughputCases } from "./run/throughput-cases.mjs";

const { values } = parseArgs({
  // pnpm passes its own "--" on.
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "3" },
    only: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log("--rounds <n> (3)  --seconds <n> a round (3)  --only ndjson,wide,single64,single256,latency,memory");
  process.exit(0);
}
const rounds = Number(values.rounds);
const measureMs = Math.min(60, Number(values.seconds)) * 1000;
const wanted = (name) => values.only === undefined || values.only.split(",").includes(name);
const here = import.meta.dirname;

await withTemporaryFolder(async (folder) => {
  const bodies = prepareBodies(here, folder);
  const result = { date: new Date().toISOString(), machine: describeMachine(), rounds, measureMs, throughput: {} };
  for (const { key, ...compared } of throughputCases(folder, bodies)) {
    if (!wanted(key)) continue;
    const measured = await measureThroughput({ ...compared, here, folder, rounds, measureMs, warmUpMs: 1000 });
    result.throughput[key] = { title: compared.title, measured };
  }
  if (wanted("latency")) result.latency = await measureLatency({ here, folder });
  if (wanted("memory")) result.idleMemory = await measureIdleMemory({ here, folder });
  const text = report(result);
  console.log(`\n${text}`);
  mkdirSync(join(here, "results"), { recursive: true });
  // A part of the bench says nothing about the rest: it leaves the last whole run as it is.
  const name = values.only === undefined ? "latest" : "partial";
  writeFileSync(join(here, "results", `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(here, "results", `${name}.md`), `# The last whole run\n\n${text}`);
});
