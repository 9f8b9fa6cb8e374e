// Opens the folder of a log: the LMDB environment, and its databases.
import { mkdirSync } from "node:fs";
import type { Database, RootDatabase } from "lmdb";
import { open } from "lmdb";
import { hasRoom } from "../../lib/disk-room.ts";
import { MooseError } from "../../model/errors.ts";
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
  /** Who has the log open: `ProcessRegistry`. */
  readonly processes: Bytes;
  /** Members and leases of consumer groups: `GroupLeases`. */
  readonly members: Bytes;
  readonly leases: Bytes;
  /** Since when nobody goes on with a group's progress in a stream: `UnusedGroups`. */
  readonly unused: Bytes;
  /** `LogVersions`. */
  readonly versions: Bytes;
}

/** Rejects with MooseError `disk_full` or `log_unavailable`. */
export async function openLog(path: string): Promise<OpenedLog> {
  try {
    // Opening writes, too.
    mkdirSync(path, { recursive: true });
    if (!hasRoom(path, 0, RESERVE_BYTES)) throw noRoomFor(0, RESERVE_BYTES);
    const root = open<Buffer, Buffer>({
      path,
      noSubdir: false,
      encoding: "binary",
      keyEncoding: "binary",
      // With it a write resolves before the fsync (lmdb-js README, "overlappingSync"); an acknowledgement must not.
      overlappingSync: false,
      // GroupCommit gathers a turn of the event loop already; done twice, a failed commit also rejects a promise that nobody holds.
      eventTurnBatching: false,
      maxDbs: 16,
    });
    const openDb = (name: string): Bytes =>
      root.openDB<Buffer, Buffer>({ name, encoding: "binary", keyEncoding: "binary" });
    return {
      root,
      records: openDb("records"),
      streams: openDb("streams"),
      starts: openDb("starts"),
      progress: openDb("progress"),
      schemas: openDb("schemas"),
      processes: openDb("processes"),
      members: openDb("members"),
      leases: openDb("leases"),
      unused: openDb("unused"),
      versions: openDb("versions"),
    };
  } catch (error) {
    if (await isFull(error, path, 0)) throw toAppendError(error, path, true);
    throw new MooseError("log_unavailable", `The log at ${path} cannot be opened: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
