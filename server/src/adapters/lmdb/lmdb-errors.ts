// Translates errors of LMDB and the file system under it into the server's codes.
import { MooseError } from "../../model/errors.ts";

/** ENOSPC, EDQUOT, EFBIG as errno, and LMDB's own MDB_MAP_FULL. */
const FULL = new Set(["28", "122", "27", "-30792", "ENOSPC", "EDQUOT", "EFBIG"]);

/** lmdb-js rejects a write with "Commit failed" and hands the reason over in a promise that itself rejects. */
export async function reasonOf(error: unknown): Promise<unknown> {
  const commitError = (error as { commitError?: Promise<unknown> } | null)?.commitError;
  if (commitError === undefined) return error;
  return commitError.then(
    () => error,
    (reason: unknown) => reason,
  );
}

export function isFull(reason: unknown): boolean {
  const code = (reason as { code?: unknown } | null)?.code;
  if (code !== undefined && FULL.has(String(code))) return true;
  return /No space left|MDB_MAP_FULL|quota exceeded|File too large/i.test(messageOf(reason));
}

export function toAppendError(reason: unknown, path: string): MooseError {
  if (isFull(reason)) {
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
