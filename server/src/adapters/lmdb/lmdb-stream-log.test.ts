// Runs the stream log contract on LMDB, and what only a log on the local disk can be asked: crashes, damage, one owner.
import { fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { recordsOf, rowsOf, streamLogContract } from "../../ports/stream-log.contract.ts";
import { silentLog } from "../../telemetry/log.ts";
import { openLmdbStreamLog } from "./lmdb-stream-log.ts";

const EVERYTHING = { maxBytes: 1 << 28, maxRecords: 1 << 28 };

streamLogContract("lmdb", async () => {
  const path = mkdtempSync(join(tmpdir(), "moose-log-"));
  return {
    open: (options) => openLmdbStreamLog({ path, log: silentLog, ...options }),
    dispose: async () => rmSync(path, { recursive: true, force: true }),
  };
});
