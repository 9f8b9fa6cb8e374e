// Single events appended to the embedded log, so many writers at once, each waiting until its event is durable.
import { join } from "node:path";
import { openLmdbStreamLog } from "../../server/src/adapters/lmdb/lmdb-stream-log.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
import { measureLoop } from "../load/measured-loop.mjs";
import { readBodies } from "../load/read-bodies.mjs";

const STREAM = "Event.1.0";
const NEWLINE = Buffer.from("\n");

/** Argument: JSON of { folder, bodiesFile, lanes, warmUpMs, measureMs }. */
const job = JSON.parse(process.argv[2]!);
const stream = await openLmdbStreamLog({ path: join(job.folder, "log"), log: silentLog });
await stream.ensureStream(STREAM, { partitions: 1 });
const events = (readBodies(job.bodiesFile) as Buffer[]).map((body) => ({
  bytes: Buffer.concat([body, NEWLINE]),
  ends: Uint32Array.of(body.length),
}));

let next = 0;
await measureLoop(job, async () => {
  const { bytes, ends } = events[next++ % events.length]!;
  await stream.append(STREAM, { bytes, ends, schemaId: "bench", receivedAtMs: Date.now() });
  return { events: 1, bytes: bytes.length };
});
await stream.close();
