// Writes the request bodies of the load, so that the load generator only sends: `<folder>/{ndjson,single,wide,measurements}.bodies`.
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { encodeEvent } from "@moose/core";
import { flightsParquet, readParquetFlights } from "../../examples/flights/replay/read-parquet-flights.ts";
import { measurementText } from "./measurements.ts";
import { pageView } from "./page-views.ts";

const ROWS_PER_BODY = 1000;
const BODIES = 100;
const SINGLE_BODIES = 5000;
/** Any moment: the same bytes in every run. */
const FIRST_SEEN_AT_MS = Date.UTC(2026, 0, 1);

const folder = process.argv[2]!;
const open = (name: string): number => openSync(join(folder, `${name}.bodies`), "w");
const [ndjson, single, wide] = [open("ndjson"), open("single"), open("wide")];
const measurements = open("measurements");
let events = 0;
let bytes = 0;
let wideBytes = 0;
let measurementBytes = 0;

for await (const flights of readParquetFlights(flightsParquet(), ROWS_PER_BODY)) {
  const lines = flights.map((flight) => encodeEvent({ seenAt: new Date(FIRST_SEEN_AT_MS + events++), ...flight }));
  bytes += writeRows(ndjson, lines);
  if (events <= SINGLE_BODIES) for (const line of lines) writeBody(single, Buffer.from(line));
  if (events >= ROWS_PER_BODY * BODIES) break;
}
for (let first = 0; first < ROWS_PER_BODY * BODIES; first += ROWS_PER_BODY) {
  const views = Array.from({ length: ROWS_PER_BODY }, (_, row) =>
    encodeEvent(pageView(first + row, new Date(FIRST_SEEN_AT_MS + first + row))),
  );
  wideBytes += writeRows(wide, views);
}
for (let first = 0; first < ROWS_PER_BODY * BODIES; first += ROWS_PER_BODY) {
  const lines = Array.from({ length: ROWS_PER_BODY }, (_, row) =>
    measurementText(first + row, new Date(FIRST_SEEN_AT_MS + first + row)),
  );
  measurementBytes += writeRows(measurements, lines);
}
for (const file of [ndjson, single, wide, measurements]) closeSync(file);
const perEvent = (total: number): number => Math.round((total / events) * 10) / 10;
console.log(
  JSON.stringify({
    rowsPerBody: events / BODIES,
    bodies: BODIES,
    bytesPerEvent: perEvent(bytes),
    bytesPerWideEvent: perEvent(wideBytes),
    bytesPerMeasurement: perEvent(measurementBytes),
  }),
);

function writeRows(file: number, lines: readonly string[]): number {
  const body = Buffer.from(`${lines.join("\n")}\n`);
  writeBody(file, body);
  return body.length;
}

/** Each body stands behind its length. */
function writeBody(file: number, body: Buffer): void {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  writeSync(file, length);
  writeSync(file, body);
}
