// A process for the tests: appends numbered events until it is killed and prints the number of each acknowledged one.
import { writeSync } from "node:fs";
import { recordsOf } from "../../model/record-rows.ts";
import { silentLog } from "../../telemetry/log.ts";
import { openLmdbStreamLog } from "./lmdb-stream-log.ts";

const [path = "", senders = "8", shared] = process.argv.slice(2);
const log = await openLmdbStreamLog({ path, log: silentLog, shared: shared === "shared" });
await log.ensureStream("Flight.1.0", { partitions: 1 });

/** Every sender has numbers of its own: `sender`.`count`. One in ten appends is large. */
async function send(sender: number): Promise<void> {
  const run = log.endOffset("Flight.1.0", 0);
  for (let count = 0; ; count++) {
    const rows = Array.from(
      { length: count % 10 === 9 ? 500 : 1 },
      (_, i) => `{"id":"${process.pid}.${run}.${sender}.${count}.${i}"}`,
    );
    const [appended] = await log.append("Flight.1.0", recordsOf(rows, "abc", Date.now()), 0);
    writeSync(1, `${rows.map((row, i) => `${appended!.baseOffset + i} ${row}`).join("\n")}\n`);
  }
}

await Promise.all(Array.from({ length: Number(senders) }, (_, sender) => send(sender))).catch((error: unknown) => {
  writeSync(1, `stopped ${(error as { code?: string }).code}\n`);
});
await log.close();
