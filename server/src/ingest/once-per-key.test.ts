// One key runs once: at the same time, later, after a restart, and after a crash between the append and the answer.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openLmdbStreamLog } from "../adapters/lmdb/lmdb-stream-log.ts";
import { openLmdbIdempotencyStore } from "../adapters/lmdb-idempotency/lmdb-idempotency-store.ts";
import { type NewRecords, NO_KEY } from "../model/record-batch.ts";
import type { IdempotencyStore } from "../ports/idempotency-store.ts";
import type { AppendResult, StreamLog } from "../ports/stream-log.ts";
import { silentLog } from "../telemetry/log.ts";
import { type AppendOnce, createOncePerKey, digestOf, type OncePerKey } from "./once-per-key.ts";

type Appended = readonly AppendResult[];

const STREAM = "Flight.1.0";
let folder: string;
let log: StreamLog;
let store: IdempotencyStore;
let nowMs = 1_000_000;
let once: OncePerKey<Appended>;

const rows = (...texts: string[]): NewRecords => {
  const ends: number[] = [];
  let length = 0;
  for (const text of texts) {
    length += Buffer.byteLength(text);
    ends.push(length++);
  }
  const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(""));
  return { bytes, ends: Uint32Array.from(ends), schemaId: "s", receivedAtMs: nowMs };
};

async function open(): Promise<void> {
  log = await openLmdbStreamLog({ path: join(folder, "log"), log: silentLog });
  await log.ensureStream(STREAM, { partitions: 2 });
  store = await openLmdbIdempotencyStore({
    path: join(folder, "keys"),
    now: () => nowMs,
    windowMs: 1000,
    maxRecords: 10,
  });
  once = createOncePerKey(store, log, () => nowMs);
}
async function close(): Promise<void> {
  await store.close();
  await log.close();
}
const stored = (): number => log.endOffset(STREAM, 0) + log.endOffset(STREAM, 1);
const append = (records: NewRecords) => (appendOnce: AppendOnce) => appendOnce(STREAM, records);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "moose-once-"));
  nowMs = 1_000_000;
  await open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

describe("once per key", () => {
  it("shares one run among requests at the same time", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => once.run("k", "d", append(rows('{"a":1}')))));
    expect(stored()).toBe(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it("gives the same answer later and after a restart", async () => {
    const first = await once.run("k", "d", append(rows('{"a":1}')));
    expect(await once.run("k", "d", append(rows('{"a":1}')))).toEqual(first);
    await close();
    await open();
    expect(await once.run("k", "d", append(rows('{"a":1}')))).toEqual(first);
    expect(stored()).toBe(1);
  });

  it("refuses the key with another body, while it runs and later", async () => {
    const first = once.run("k", "d", append(rows('{"a":1}')));
    const reused = { code: "idempotency_key_reused" };
    await expect(once.run("k", "other", append(rows('{"a":2}')))).rejects.toMatchObject(reused);
    await first;
    await expect(once.run("k", "other", append(rows('{"a":2}')))).rejects.toMatchObject(reused);
    expect(stored()).toBe(1);
  });

  it("finds rows that were appended just before a crash", async () => {
    const records = rows('{"a":1}', '{"a":2}');
    let appended: Appended | undefined;
    const crash = once.run("k", "d", async (appendOnce) => {
      // Neighbours in the same commit share the record batch.
      const before = log.append(STREAM, rows('{"a":0}'), 1);
      [, appended] = await Promise.all([before, appendOnce(STREAM, records)]);
      throw new Error("the process ends here");
    });
    await expect(crash).rejects.toThrow("ends here");
    await close();
    await open();
    expect(await once.run("k", "d", append(records))).toEqual(appended);
    expect(stored()).toBe(3);
  });

  it("finds the rows of all partitions that a crash left behind", async () => {
    const texts = Array.from({ length: 40 }, (_, i) => `{"a":${i}}`);
    // Rows of key 0 go to partition 0, of key 1 to partition 1; every fifth has none.
    const keys = {
      hashes: Uint32Array.from(texts, (_, i) => (i % 5 === 0 ? 0 : 2 + (i % 2))),
      bounds: Uint32Array.from(texts.flatMap((_, i) => (i % 5 === 0 ? [NO_KEY, NO_KEY] : [0, 1]))),
    };
    const records = { ...rows(...texts), keys };
    let appended: Appended | undefined;
    const crash = once.run("k", "d", async (appendOnce) => {
      appended = await appendOnce(STREAM, records);
      throw new Error("the process ends here");
    });
    await expect(crash).rejects.toThrow("ends here");
    expect(appended!.map(({ partition }) => partition)).toEqual([0, 1]);
    await close();
    await open();
    await log.append(STREAM, rows('{"another":true}'));
    expect(await once.run("k", "d", append(records))).toEqual(appended);
    expect(stored()).toBe(41);
  });

  it("appends when the crash came before the append", async () => {
    // A decorator of the real log whose disk fails.
    const failing = new Proxy(log, {
      get(target, name: keyof StreamLog) {
        return name === "append" ? () => Promise.reject(new Error("disk")) : target[name]?.bind(target);
      },
    });
    const broken = createOncePerKey<Appended>(store, failing, () => nowMs);
    await expect(broken.run("k", "d", append(rows('{"a":1}')))).rejects.toThrow("disk");
    await close();
    await open();
    // Rows that only begin or end like the ones that are looked for are others.
    await log.append(STREAM, rows('{"b":{"a":1}', '{"a":1}1'));
    await once.run("k", "d", append(rows('{"a":1}')));
    expect(stored()).toBe(3);
  });

  it("lets a key be used again after a failure and after the window", async () => {
    await expect(once.run("k", "d", () => Promise.reject(new Error("malformed")))).rejects.toThrow("malformed");
    await once.run("k", "d2", append(rows('{"a":1}')));
    await expect.poll(() => store.find("k")?.answer).toBeDefined();
    nowMs += 1001;
    expect(store.find("k")).toBeUndefined();
    await once.run("k", "d3", append(rows('{"a":2}')));
    expect(stored()).toBe(2);
  });

  it("keeps a bounded number of keys, the newest", async () => {
    for (let count = 0; count < 25; count++) {
      nowMs++;
      await once.run(`k${count}`, "d", append(rows(`{"a":${count}}`)));
      await expect.poll(() => store.find(`k${count}`)?.answer).toBeDefined();
    }
    const kept = Array.from({ length: 25 }, (_, count) => store.find(`k${count}`) !== undefined);
    expect(kept.filter(Boolean).length).toBeLessThanOrEqual(11);
    expect(kept.slice(-10).every(Boolean)).toBe(true);
  });
});

describe("digestOf", () => {
  it("keeps its parts apart", () => {
    const body = Buffer.from("x");
    expect(digestOf(["a", "b"], body)).not.toBe(digestOf(["ab", ""], body));
    expect(digestOf(["a"], body)).toBe(digestOf(["a"], Buffer.from("x")));
  });
});
