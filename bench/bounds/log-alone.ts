// For comparison, not an upper bound: the same bodies appended straight to the same log, as many in flight, without HTTP and without validation.
import { join } from "node:path";
import { openLmdbStreamLog } from "../../server/src/adapters/lmdb/lmdb-stream-log.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
import { measureLoop } from "../load/measured-loop.mjs";
import { readBodies } from "../load/read-bodies.mjs";

const STREAM = "Bound.1.0";
const NEWLINE = 10;

const job = JSON.parse(process.argv[2]!);
const stream = await openLmdbStreamLog({ path: join(job.folder, "log"), log: silentLog });
await stream.ensureStream(STREAM, { partitions: 1 });
const appends = (readBodies(job.bodiesFile) as Buffer[]).map(toRecords);

/** Where rows end is found out beforehand: finding it is the validator's work. */
function toRecords(body: Buffer): { bytes: Buffer; ends: Uint32Array } {
  const bytes = body.at(-1) === NEWLINE ? body : Buffer.concat([body, Buffer.of(NEWLINE)]);
  const ends: number[] = [];
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) ends.push(at);
  return { bytes, ends: Uint32Array.from(ends) };
}

let next = 0;
await measureLoop({ ...job, lanes: job.connections }, async () => {
  const { bytes, ends } = appends[next++ % appends.length]!;
  await stream.append(STREAM, { bytes, ends, schemaId: "bound", receivedAtMs: Date.now() });
  return { events: ends.length, bytes: bytes.length };
});
await stream.close();
