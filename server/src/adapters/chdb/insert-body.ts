// The rows of an INSERT on their way into the engine: a private file, because chDB's inline insert runs what follows an empty line as SQL.
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const suffix = ".rows";

export interface InsertBody {
  /** File name inside the folder; the engine's working directory is that folder, so no path can be mistaken for a pattern. */
  readonly name: string;
  readonly bytes: number;
  remove(): Promise<void>;
}

/** Removes what an engine that died left there. */
export async function removeStaleBodies(folder: string): Promise<void> {
  const stale = (await readdir(folder)).filter((name) => name.endsWith(suffix));
  await Promise.all(stale.map((name) => rm(join(folder, name), { force: true })));
}

/** Writes `head`, then all of `rest`, to a new private file. Leaves no file behind when it fails. */
export async function writeInsertBody(
  folder: string,
  head: Uint8Array,
  rest: Readable | undefined,
  signal: AbortSignal,
): Promise<InsertBody> {
  const name = `${randomUUID()}${suffix}`;
  const path = join(folder, name);
  const file = createWriteStream(path, { flags: "wx", mode: 0o600, highWaterMark: 1024 * 1024 });
  const remove = () => rm(path, { force: true });
  try {
    await pipeline(
      async function* () {
        if (head.length > 0) yield head;
        if (rest) yield* rest;
      },
      file,
      { signal },
    );
  } catch (error) {
    await remove();
    throw error;
  }
  return { name, bytes: file.bytesWritten, remove };
}
