// Opens the stream that the configuration names.
import { join } from "node:path";
import { openLmdbStreamLog } from "../adapters/lmdb/lmdb-stream-log.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { Log } from "../telemetry/log.ts";
import type { Lifecycle } from "./lifecycle.ts";

export interface OpenedStream {
  readonly stream: StreamLog;
  /** Of the embedded log; absent where the stream is elsewhere, and other processes use it, too. */
  readonly folder?: string;
}

/** Rejects with MooseError `data_folder_in_use`, `disk_full` or `log_unavailable`. */
export async function openStream(dataDir: string, log: Log, lifecycle: Lifecycle): Promise<OpenedStream> {
  const folder = join(dataDir, "log");
  const stream = await openLmdbStreamLog({ path: folder, log: log.child("log") });
  lifecycle.onStop("the log", () => stream.close());
  return { stream, folder };
}
