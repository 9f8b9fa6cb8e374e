// Opens the folder of a log: the LMDB environment, its databases, and the claim of this process on it.
import { mkdirSync } from "node:fs";
import type { Database, RootDatabase } from "lmdb";
import { open } from "lmdb";
import { hasRoom } from "../../lib/disk-room.ts";
import { MooseError } from "../../model/errors.ts";
import { claimFolder } from "./folder-claim.ts";
import { isFull, messageOf, noRoomFor, toAppendError } from "./lmdb-errors.ts";

export const RESERVE_BYTES = 8 * 1024 * 1024;

export type Bytes = Database<Buffer, Buffer>;

export interface OpenedLog {
  readonly root: RootDatabase<Buffer, Buffer>;
  /** Record batches, by `recordKey`. */
  readonly records: Bytes;
  /** Id and partitions of each stream, by name. */
  readonly streams: Bytes;
  /** The oldest offset of each partition that was trimmed. */
  readonly starts: Bytes;
  /** Progress of each group in each partition. */
  readonly progress: Bytes;
  readonly schemas: Bytes;
  release(): Promise<void>;
}

/** Rejects with MooseError `data_folder_in_use`, `disk_full` or `log_unavailable`. */
export async function openLog(path: string): Promise<OpenedLog> {
  const root = await openEnvironment(path);
  try {
    const release = claimFolder(root, path);
    const openDb = (name: string): Bytes =>
      root.openDB<Buffer, Buffer>({ name, encoding: "binary", keyEncoding: "binary" });
    return {
      root,
      records: openDb("records"),
      streams: openDb("streams"),
      starts: openDb("starts"),
      progress: openDb("progress"),
      schemas: openDb("schemas"),
      release,
    };
  } catch (error) {
    await root.close();
    throw error;
  }
}

async function openEnvironment(path: string): Promise<RootDatabase<Buffer, Buffer>> {
  try {
    // Opening writes, too.
    mkdirSync(path, { recursive: true });
    if (!hasRoom(path, 0, RESERVE_BYTES)) throw noRoomFor(0, RESERVE_BYTES);
    return open<Buffer, Buffer>({
      path,
      noSubdir: false,
      encoding: "binary",
      keyEncoding: "binary",
      // With it a write resolves before the fsync (lmdb-js README, "overlappingSync"); an acknowledgement must not.
      overlappingSync: false,
      // GroupCommit gathers a turn of the event loop already; done twice, a failed commit also rejects a promise that nobody holds.
      eventTurnBatching: false,
      maxDbs: 12,
    });
  } catch (error) {
    if (await isFull(error, path, 0)) throw toAppendError(error, path, true);
    throw new MooseError("log_unavailable", `The log at ${path} cannot be opened: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
