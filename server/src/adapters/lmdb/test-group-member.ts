// A process for the tests: takes part in the group "table", saves some progress for what it holds, and again after a SIGCONT.
import { writeSync } from "node:fs";
import { MooseError } from "../../model/errors.ts";
import type { StreamPartition } from "../../ports/stream-log.ts";
import { silentLog } from "../../telemetry/log.ts";
import { openLmdbStreamLog } from "./lmdb-stream-log.ts";

const SAVES = 5;

const [path = "", stream = "", expiryMs = "0"] = process.argv.slice(2);
const log = await openLmdbStreamLog({ path, log: silentLog, shared: true, expiryMs: Number(expiryMs) });
const say = (text: string): void => void writeSync(1, `${text}\n`);
const held = new Map<number, number>();

async function begin({ partition }: StreamPartition): Promise<void> {
  held.set(partition, (await log.progress("table", stream, partition)).committed);
  await save(partition);
}

/** Then it is idle: stopped in the middle of a commit, it would hold those of all others up. */
async function save(partition: number): Promise<void> {
  for (let i = 0; i < SAVES; i++) {
    const committed = held.get(partition)! + 1;
    held.set(partition, committed);
    try {
      await log.saveProgress("table", stream, partition, { committed });
    } catch (error) {
      return say(`${error instanceof MooseError ? error.code : String(error)} ${partition}`);
    }
  }
  say(`saved ${partition}`);
}

process.on("SIGCONT", () => {
  for (const partition of held.keys()) void save(partition);
});
const membership = await log.join("table", {
  assigned: (partitions) => {
    for (const at of partitions) void begin(at);
  },
  revoked: async (partitions) => say(`revoked ${partitions.map(({ partition }) => partition).join(" ")}`),
});
await membership.follow([stream]);
// A log alone keeps no process up.
setInterval(() => {}, 1000);
