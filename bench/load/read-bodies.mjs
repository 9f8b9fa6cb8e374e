// Reads the request bodies that prepare-bodies wrote: each stands behind its length (UInt32LE).
import { readFileSync } from "node:fs";

/** Views into the file. */
export function readBodies(path) {
  const file = readFileSync(path);
  const bodies = [];
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32LE(at);
    bodies.push(file.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return bodies;
}
