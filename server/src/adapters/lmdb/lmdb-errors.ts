// Translates errors of LMDB and the file system under it into the server's codes.
import { statfs } from "node:fs/promises";
import { MooseError } from "../../model/errors.ts";

const MDB_MAP_FULL = "-30792";
/** ENOSPC, EDQUOT, EFBIG as errno, and LMDB's own. */
const FULL = new Set(["28", "122", "27", MDB_MAP_FULL, "ENOSPC", "EDQUOT", "EFBIG"]);
const FREE_BYTES_NEEDED = 1024 * 1024;

/** lmdb-js rejects a write with "Commit failed" and hands the reason over in a promise that itself rejects. */
export async function reasonOf(error: unknown): Promise<unknown> {
  const commitError = (error as { commitError?: Promise<unknown> } | null)?.commitError;
  if (commitError === undefined) return error;
  return commitError.then(
    () => error,
    (reason: unknown) => reason,
  );
}

/** LMDB reports a write that was cut short by a full disk as EIO (mdb.c, mdb_page_flush): the free space tells the two apart. */
export async function isFull(reason: unknown, path: string, bytesToWrite: number): Promise<boolean> {
  const code = codeOf(reason);
  if (FULL.has(code)) return true;
  if (code !== "5" && code !== "EIO") return false;
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize < bytesToWrite + FREE_BYTES_NEEDED;
  } catch {
    return false;
  }
}

/** LMDB found no room in its own map, before it wrote anything. */
export const isMapFull = (reason: unknown): boolean => codeOf(reason) === MDB_MAP_FULL;

const codeOf = (reason: unknown): string => String((reason as { code?: unknown } | null)?.code ?? "");

/** Thrown before LMDB is asked to write; `isFull` knows it by its code. */
export function noRoomFor(bytes: number, reserveBytes: number): Error {
  const reason = `less than ${bytes + reserveBytes} bytes are free, of which ${reserveBytes} are kept in reserve`;
  return Object.assign(new Error(reason), { code: "ENOSPC" });
}

export function toAppendError(reason: unknown, path: string, full: boolean): MooseError {
  if (full) {
    return new MooseError(
      "disk_full",
      `The disk that holds the log at ${path} is full. Free some space; nothing was stored.`,
      {
        retryAfterSeconds: 5,
        cause: reason,
      },
    );
  }
  return new MooseError(
    "log_unavailable",
    `The log at ${path} cannot be written (${messageOf(reason)}). Nothing more is accepted until the server has been restarted.`,
    { retryAfterSeconds: 30, cause: reason },
  );
}

export function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
