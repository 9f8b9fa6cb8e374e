// What every case needs: a folder that is removed again, and the request bodies.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREPARE_LIMIT_MS = 60_000;

export async function withTemporaryFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "moose-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns { rowsPerBody, bodies, bytesPerEvent }. */
export function prepareBodies(here, folder) {
  const output = execFileSync(process.execPath, [join(here, "dist", "prepare-bodies.js"), folder], {
    timeout: PREPARE_LIMIT_MS,
    encoding: "utf8",
  });
  return JSON.parse(output);
}
