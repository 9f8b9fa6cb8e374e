// For comparison, not an upper bound (nothing is written while it syncs): as many bodies as there are connections written to the end of a plain file, then fdatasync, one after the other.
import { open } from "node:fs/promises";
import { join } from "node:path";
import { measureLoop } from "../load/measured-loop.mjs";
import { readBodies } from "../load/read-bodies.mjs";

const NEWLINE = 10;

const job = JSON.parse(process.argv[2]);
const bodies = readBodies(job.bodiesFile);
const groups = [];
for (let first = 0; first + job.connections <= bodies.length; first += job.connections) {
  groups.push(toGroup(bodies.slice(first, first + job.connections)));
}

function toGroup(some) {
  const bytes = Buffer.concat(some);
  let newlines = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) newlines++;
  return { bytes, events: newlines === 0 ? some.length : newlines };
}

const file = await open(join(job.folder, "plain"), "w");
let next = 0;
await measureLoop({ ...job, lanes: 1 }, async () => {
  const { bytes, events } = groups[next++ % groups.length];
  await file.write(bytes);
  await file.datasync();
  return { events, bytes: bytes.length };
});
await file.close();
