// What every stream log must do: one suite, run by each adapter against the real thing.
import { createCore, model, modelSpec, t } from "@moose/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ByteArena } from "../lib/byte-arena.ts";
import { MooseError } from "../model/errors.ts";
import { NO_KEY } from "../model/record-batch.ts";
import { recordsOf, rowsOf } from "../model/record-rows.ts";
import type { StreamLog } from "./stream-log.ts";
import { streamLogCommitContract } from "./stream-log-commit.contract.ts";
import { type StreamLogFixture, streamLogGroupsContract } from "./stream-log-groups.contract.ts";
import { streamLogSharedContract } from "./stream-log-shared.contract.ts";

export type { StreamLogFixture };

const EVERYTHING = { maxBytes: 1 << 28, maxRecords: 1 << 28 };

const records = (rows: readonly string[], schemaId = "5c1e9a", receivedAtMs = 1_700_000_000_000) =>
  recordsOf(rows, schemaId, receivedAtMs);

const numbered = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `{"n":${from + i}}`);

export function streamLogContract(name: string, createFixture: () => Promise<StreamLogFixture>): void {
  describe(`stream log: ${name}`, () => {
    streamLogGroupsContract(createFixture);
    streamLogSharedContract(createFixture);
    streamLogCommitContract(createFixture);

    let fixture: StreamLogFixture;
    let log: StreamLog;

    const reopen = async (): Promise<void> => {
      await log.close();
      log = await fixture.open();
    };

    beforeEach(async () => {
      fixture = await createFixture();
      log = await fixture.open();
      await log.ensureStream("Flight.1.0", { partitions: 2 });
    });

    afterEach(async () => {
      await log.close();
      await fixture.dispose();
    });

    it("names its streams in the order in which they were made, also when it is opened again", async () => {
      await log.ensureStream("Flight.10.0", { partitions: 1 });
      await log.ensureStream("Flight.2.0", { partitions: 1 });
      await log.ensureStream("Flight.1.0", { partitions: 3 });
      const names = ["Flight.1.0", "Flight.10.0", "Flight.2.0"];
      expect(log.streams()).toEqual(names);
      await reopen();
      expect(log.streams()).toEqual(names);
    });

    it("reads the same into memory that is used again", async () => {
      const memory = new ByteArena(64 * 1024);
      // Of many sizes, one larger than the memory; read from the middle and cut, and each read over what the last one left there.
      const rows = [...numbered(900), `{"long":"${"x".repeat(100_000)}"}`, ...numbered(900, 900)];
      for (let at = 0; at < rows.length; at += 77) await log.append("Flight.1.0", records(rows.slice(at, at + 77)), 0);
      const seen: string[] = [];
      while (seen.length < rows.length) {
        const batches = await log.read("Flight.1.0", 0, seen.length, { maxBytes: 5_000, maxRecords: 300, memory });
        expect(batches).toEqual(await log.read("Flight.1.0", 0, seen.length, { maxBytes: 5_000, maxRecords: 300 }));
        seen.push(...rowsOf(batches));
        memory.giveBack();
      }
      expect(seen).toEqual(rows);
    });

    it("gives back what was appended, byte for byte", async () => {
      const rows = ['{"a":"ä€😀"}', "{}", `{"long":"${"x".repeat(70_000)}"}`];
      const result = await log.append("Flight.1.0", records(rows, "abc", 1234), 0);
      expect(result).toEqual([{ partition: 0, baseOffset: 0, count: 3 }]);
      const [batch, ...rest] = await log.read("Flight.1.0", 0, 0, EVERYTHING);
      expect(rest).toEqual([]);
      expect(batch).toMatchObject({
        stream: "Flight.1.0",
        partition: 0,
        baseOffset: 0,
        schemaId: "abc",
        receivedAtMs: 1234,
      });
      expect(rowsOf([batch!])).toEqual(rows);
      expect(Buffer.from(batch!.bytes).toString("utf8")).toBe(rows.map((row) => `${row}\n`).join(""));
    });

    it("keeps event ids with their rows, wherever their partition is and however a read is cut", async () => {
      const producers = ["0123456789abcdef", "fedcba9876543210"];
      const expected = new Map<string, string>();
      const appends = Array.from({ length: 30 }, (_, turn) => {
        const count = 1 + (turn % 4) * 7;
        const rows = numbered(count, turn * 100);
        // Every third has none; every second has gaps; every fourth goes by its keys.
        const step = 1 + (turn % 2);
        const eventIds = {
          producer: producers[turn % 2]!,
          sequences: Float64Array.from(rows, (_, row) => 2 ** 40 + turn * 1000 + row * step),
        };
        const keys = {
          hashes: Uint32Array.from(rows, (_, row) => row + 1),
          bounds: new Uint32Array(count * 2).fill(NO_KEY),
        };
        const hasIds = turn % 3 !== 0;
        for (const [at, row] of rows.entries()) {
          expected.set(row, hasIds ? `${eventIds.producer};${eventIds.sequences[at]}` : "none");
        }
        const ids = hasIds ? { eventIds } : {};
        const byKey = turn % 4 === 0;
        return log.append(
          "Flight.1.0",
          { ...records(rows), ...ids, ...(byKey ? { keys } : {}) },
          byKey ? undefined : 0,
        );
      });
      await Promise.all(appends);
      await reopen();
      await log.ensureStream("Flight.1.0", { partitions: 2 });
      for (const maxRecords of [1, 3, 1 << 20]) {
        const seen = new Map<string, string>();
        for (const partition of [0, 1]) {
          for (let offset = 0; offset < log.endOffset("Flight.1.0", partition); ) {
            const batches = await log.read("Flight.1.0", partition, offset, { maxBytes: 1 << 28, maxRecords });
            for (const batch of batches) {
              const rows = rowsOf([batch]);
              for (const row of rows) seen.set(row, "none");
              for (const { firstRow, producer, ranges } of batch.eventIds ?? []) {
                let at = firstRow;
                for (const [first, last] of ranges) {
                  for (let sequence = first; sequence <= last; sequence++)
                    seen.set(rows[at++]!, `${producer};${sequence}`);
                }
              }
              offset = batch.baseOffset + batch.ends.length;
            }
          }
        }
        expect(seen).toEqual(expected);
      }
    });

    it("lets the caller use its buffers again as soon as append returns", async () => {
      const small = records(['{"kept":true}']);
      const large = records(numbered(5000));
      const appends = [log.append("Flight.1.0", small, 0), log.append("Flight.1.0", large, 0)];
      small.bytes.fill(0);
      large.bytes.fill(0);
      await Promise.all(appends);
      expect(rowsOf(await log.read("Flight.1.0", 0, 0, EVERYTHING))).toEqual(['{"kept":true}', ...numbered(5000)]);
    });

    it("numbers a partition's events without gaps, in the order of the calls", async () => {
      const results = await Promise.all(
        Array.from({ length: 200 }, (_, i) => log.append("Flight.1.0", records([`{"n":${i}}`]), i % 2)),
      );
      for (let i = 0; i < 200; i++)
        expect(results[i]).toEqual([{ partition: i % 2, baseOffset: Math.floor(i / 2), count: 1 }]);
      const even = numbered(200).filter((_, i) => i % 2 === 0);
      expect(rowsOf(await log.read("Flight.1.0", 0, 0, EVERYTHING))).toEqual(even);
      expect([log.endOffset("Flight.1.0", 0), log.endOffset("Flight.1.0", 1)]).toEqual([100, 100]);
    });

    it("keeps large and small appends of one moment in order", async () => {
      const sizes = [1, 4000, 1, 1, 3000, 2, 5000, 1];
      let from = 0;
      const appends = sizes.map((size) => {
        const append = log.append("Flight.1.0", records(numbered(size, from)), 0);
        from += size;
        return append;
      });
      const results = await Promise.all(appends);
      let expected = 0;
      results.forEach((result, i) => {
        expect(result).toEqual([{ partition: 0, baseOffset: expected, count: sizes[i] }]);
        expected += sizes[i]!;
      });
      expect(rowsOf(await log.read("Flight.1.0", 0, 0, EVERYTHING))).toEqual(numbered(from));
    });

    it("never puts two schemas into one record batch", async () => {
      await Promise.all(
        ["a", "a", "b", "a", "b", "b"].map((schema, i) => log.append("Flight.1.0", records([`{"n":${i}}`], schema), 0)),
      );
      const batches = await log.read("Flight.1.0", 0, 0, EVERYTHING);
      const bySchema = batches.flatMap((batch) => rowsOf([batch]).map((row) => `${batch.schemaId} ${row}`));
      expect(bySchema).toEqual(['a {"n":0}', 'a {"n":1}', 'b {"n":2}', 'a {"n":3}', 'b {"n":4}', 'b {"n":5}']);
    });

    it("chooses a partition when none is named, and says which", async () => {
      const results = await Promise.all(numbered(10).map((row) => log.append("Flight.1.0", records([row]))));
      for (const { partition, baseOffset } of results.flat()) {
        expect(partition === 0 || partition === 1).toBe(true);
        expect(baseOffset).toBeLessThan(log.endOffset("Flight.1.0", partition));
      }
      const stored = [0, 1].map((partition) => log.endOffset("Flight.1.0", partition));
      expect(stored[0]! + stored[1]!).toBe(10);
    });

    it("sorts rows into partitions by their keys, as Kafka does, and keeps the order of each key", async () => {
      const keyed = (await createCore()).load(
        modelSpec(model("Flight", { plane: t.string(), n: t.int32() }, { partitionKey: "plane" })),
      );
      const planes = ["A1", "B2", "ä€😀", "", "C3"];
      const body = Array.from({ length: 400 }, (_, n) => JSON.stringify({ plane: planes[n % 5], n })).join("\n");
      const input = Buffer.from(`${body}\n`);
      const validation = keyed.validate(input, { format: "ndjson" });
      const { bytes, ends } = keyed.collect(input, validation);
      const results = await log.append("Flight.1.0", {
        bytes,
        ends,
        schemaId: keyed.schemaId,
        receivedAtMs: 0,
        keys: validation.partitionKeys!,
      });
      expect(results.reduce((sum, { count }) => sum + count, 0)).toBe(400);
      const places = new Map<string, number>();
      for (const { partition, baseOffset, count } of results) {
        expect([baseOffset, count]).toEqual([0, log.endOffset("Flight.1.0", partition)]);
        const stored = rowsOf(await log.read("Flight.1.0", partition, 0, EVERYTHING)).map(
          (row) => JSON.parse(row) as { plane: string; n: number },
        );
        for (const { plane } of stored) places.set(plane, partition);
        const ofThis = Array.from({ length: 400 }, (_, n) => n).filter((n) => places.get(planes[n % 5]!) === partition);
        expect(stored.map(({ n }) => n)).toEqual(ofThis);
      }
      // By murmur2 of Kafka's default partitioner.
      for (const [n, plane] of planes.entries()) {
        expect(places.get(plane)).toBe((validation.partitionKeys!.hashes[n]! & 0x7fffffff) % 2);
      }
      expect(new Set(places.values()).size).toBe(2);
    });

    it("spreads rows that have no key, and keeps one append's together", async () => {
      const noKey = { hashes: new Uint32Array(5), bounds: new Uint32Array(10).fill(NO_KEY) };
      const results = await Promise.all(
        Array.from({ length: 10 }, () => log.append("Flight.1.0", { ...records(numbered(5)), keys: noKey })),
      );
      for (const result of results) expect(result).toMatchObject([{ count: 5 }]);
      expect(new Set(results.map(([result]) => result!.partition)).size).toBe(2);
    });

    it("stores nothing for no rows", async () => {
      await log.append("Flight.1.0", records(numbered(3)), 0);
      expect(await log.append("Flight.1.0", records([]), 0)).toEqual([]);
      expect(await log.append("Flight.1.0", records([]))).toEqual([]);
      expect(log.endOffset("Flight.1.0", 0)).toBe(3);
    });

    it("reads nothing from an empty log, at its end and behind it", async () => {
      expect(await log.read("Flight.1.0", 0, 0, EVERYTHING)).toEqual([]);
      await log.append("Flight.1.0", records(numbered(3)), 0);
      expect(await log.read("Flight.1.0", 0, 3, EVERYTHING)).toEqual([]);
      expect(await log.read("Flight.1.0", 0, 99, EVERYTHING)).toEqual([]);
      expect(await log.read("Flight.1.0", 1, 0, EVERYTHING)).toEqual([]);
    });

    it("cuts batches to the range that is asked for", async () => {
      for (const from of [0, 10, 20]) await log.append("Flight.1.0", records(numbered(10, from)), 0);
      for (const [first, last] of [
        [0, 30],
        [3, 7],
        [9, 11],
        [10, 20],
        [15, 30],
        [29, 30],
        [5, 25],
      ] as const) {
        const batches = await log.read("Flight.1.0", 0, first, { ...EVERYTHING, untilOffset: last });
        expect(rowsOf(batches)).toEqual(numbered(last - first, first));
        let next = first;
        for (const batch of batches) {
          expect(batch.baseOffset).toBe(next);
          expect(batch.ends.at(-1)! + 1).toBe(batch.bytes.length);
          next += batch.ends.length;
        }
      }
    });

    it("holds the limits of rows and bytes, and always gets on by one row", async () => {
      for (const from of [0, 10, 20]) await log.append("Flight.1.0", records(numbered(10, from)), 0);
      expect(rowsOf(await log.read("Flight.1.0", 0, 0, { ...EVERYTHING, maxRecords: 13 }))).toEqual(numbered(13));
      expect(rowsOf(await log.read("Flight.1.0", 0, 4, { ...EVERYTHING, maxBytes: 1 }))).toEqual(numbered(1, 4));
      const batches = await log.read("Flight.1.0", 0, 0, { ...EVERYTHING, maxBytes: 100 });
      const bytes = batches.reduce((sum, batch) => sum + batch.bytes.length, 0);
      expect(bytes).toBeGreaterThan(80);
      expect(bytes).toBeLessThanOrEqual(100);
    });

    it("tells listeners of every row once, in order, after it is durable", async () => {
      const seen: string[] = [];
      const stop = log.onAppend((batch) => {
        expect(log.endOffset(batch.stream, batch.partition)).toBe(batch.baseOffset + batch.ends.length);
        seen.push(...rowsOf([batch]));
      });
      const appends = numbered(50).map((row) => log.append("Flight.1.0", records([row]), 0));
      appends.push(log.append("Flight.1.0", records(numbered(4000, 50)), 0));
      expect(seen).toEqual([]);
      await Promise.all(appends);
      expect(seen).toEqual(numbered(4050));
      stop();
      await log.append("Flight.1.0", records(["{}"]), 0);
      expect(seen).toHaveLength(4050);
    });

    it("finds events, offsets and streams again when it is opened anew", async () => {
      await log.append("Flight.1.0", records(numbered(5)), 0);
      await log.append("Flight.1.0", records(numbered(7)), 1);
      await log.ensureStream("Other.1.0", { partitions: 1 });
      await log.append("Other.1.0", records(["{}"]));
      await reopen();
      for (const [stream, partitions] of [
        ["Flight.1.0", 2],
        ["Other.1.0", 1],
      ] as const) {
        await log.ensureStream(stream, { partitions });
        expect(log.partitions(stream)).toBe(partitions);
      }
      expect([0, 1].map((partition) => log.endOffset("Flight.1.0", partition))).toEqual([5, 7]);
      expect(await log.append("Flight.1.0", records(numbered(1, 5)), 0)).toMatchObject([{ baseOffset: 5 }]);
      expect(rowsOf(await log.read("Flight.1.0", 0, 0, EVERYTHING))).toEqual(numbered(6));
      expect(rowsOf(await log.read("Other.1.0", 0, 0, EVERYTHING))).toEqual(["{}"]);
    });

    it("keeps schemas, also over a restart", async () => {
      expect(log.schema("abc")).toBeUndefined();
      await log.saveSchema("abc", '{"name":"Flight"}');
      await reopen();
      expect(log.schema("abc")).toBe('{"name":"Flight"}');
    });

    it("refuses what it has no room for, and takes it later", async () => {
      await log.close();
      log = await fixture.open({ maxPendingBytes: 1000 });
      const first = log.append("Flight.1.0", records(numbered(100)), 0);
      const refused = await log.append("Flight.1.0", records(numbered(100)), 0).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(MooseError);
      expect(refused).toMatchObject({ code: "overloaded", retryAfterSeconds: 1 });
      await first;
      await log.append("Flight.1.0", records(numbered(100, 100)), 0);
      expect(rowsOf(await log.read("Flight.1.0", 0, 0, EVERYTHING))).toEqual(numbered(200));
    });

    it("says which stream or partition it does not know", async () => {
      await expect(log.append("Nope.1.0", records(["{}"]))).rejects.toMatchObject({ code: "unknown_stream" });
      await expect(log.append("Flight.1.0", records(["{}"]), 2)).rejects.toMatchObject({ code: "unknown_stream" });
      await expect(log.read("Flight.1.0", 7, 0, EVERYTHING)).rejects.toMatchObject({ code: "unknown_stream" });
      expect(() => log.endOffset("Nope.1.0", 0)).toThrow(MooseError);
    });

    it("finishes the appends under way when it is closed, and takes no more", async () => {
      const appends = numbered(100).map((row) => log.append("Flight.1.0", records([row]), 0));
      const closing = Promise.all([log.close(), log.close()]);
      await expect(log.append("Flight.1.0", records(["{}"]), 0)).rejects.toMatchObject({ code: "log_unavailable" });
      expect(await Promise.all(appends)).toHaveLength(100);
      await closing;
      log = await fixture.open();
      expect(log.endOffset("Flight.1.0", 0)).toBe(100);
    });
  });
}
