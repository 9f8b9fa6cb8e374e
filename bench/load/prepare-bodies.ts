// Writes the request bodies of the load, from real flights, so that the load generator only sends: `<folder>/ndjson.bodies`, `<folder>/single.bodies`.
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { encodeEvent } from "@moose/core";
import { flightsParquet, readParquetFlights } from "../../examples/flights/replay/read-parquet-flights.ts";

const ROWS_PER_BODY = 1000;
const BODIES = 100;
const SINGLE_BODIES = 5000;
/** Any moment: the same bytes in every run. */
const FIRST_SEEN_AT_MS = Date.UTC(2026, 0, 1);

const folder = process.argv[2]!;
const ndjson = openSync(join(folder, "ndjson.bodies"), "w");
const single = openSync(join(folder, "single.bodies"), "w");
let events = 0;
let bytes = 0;

for await (const flights of readParquetFlights(flightsParquet(), ROWS_PER_BODY)) {
  const lines = flights.map((flight) => encodeEvent({ seenAt: new Date(FIRST_SEEN_AT_MS + events++), ...flight }));
  const body = Buffer.from(`${lines.join("\n")}\n`);
  bytes += body.length;
  writeBody(ndjson, body);
  if (events <= SINGLE_BODIES) for (const line of lines) writeBody(single, Buffer.from(line));
  if (events >= ROWS_PER_BODY * BODIES) break;
}
closeSync(ndjson);
closeSync(single);
console.log(
  JSON.stringify({
    rowsPerBody: events / BODIES,
    bodies: BODIES,
    bytesPerEvent: Math.round((bytes / events) * 10) / 10,
  }),
);

/** Each body stands behind its length. */
function writeBody(file: number, body: Buffer): void {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  writeSync(file, length);
  writeSync(file, body);
}
