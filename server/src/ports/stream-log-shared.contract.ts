// What several processes that use one stream log can rely on: a part of the suite in stream-log.contract.ts.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordsOf, rowsOf } from "../model/record-rows.ts";
import type { StreamLog } from "./stream-log.ts";
import { all, heldBy, type StreamLogFixture, TestMember } from "./stream-log-groups.contract.ts";

const EVERYTHING = { maxBytes: 1 << 28, maxRecords: 1 << 28 };
const STREAM = "Flight.1.0";
const WAIT = { timeout: 10_000 };

export function streamLogSharedContract(createFixture: () => Promise<StreamLogFixture>): void {
  describe("shared", () => {
    let fixture: StreamLogFixture;
    let one: StreamLog;
    let other: StreamLog;

    beforeEach(async () => {
      fixture = await createFixture();
      one = await fixture.open({ shared: true });
      await one.ensureStream(STREAM, { partitions: 2 });
      other = await fixture.open({ shared: true });
      await other.ensureStream(STREAM, { partitions: 2 });
    });
    afterEach(async () => {
      await one.close();
      await other.close();
      await fixture.dispose();
    });

    it("gives out each offset once, and tells both of every event once and in order", async () => {
      const told = [one, other].map((log) => {
        const seen: string[] = [];
        log.onAppend((batch) => {
          expect(log.endOffset(STREAM, batch.partition)).toBe(batch.baseOffset + batch.ends.length);
          for (const [i, row] of rowsOf([batch]).entries())
            seen.push(`${batch.partition}/${batch.baseOffset + i} ${row}`);
        });
        return seen;
      });
      const acknowledged: string[] = [];
      const append = async (log: StreamLog, name: string): Promise<void> => {
        for (let i = 0; i < 100; i++) {
          const rows = Array.from({ length: (i % 5) + 1 }, (_, row) => `{"id":"${name}.${i}.${row}"}`);
          const [result] = await log.append(STREAM, recordsOf(rows, "abc", 0), i % 2);
          for (const [at, row] of rows.entries()) acknowledged.push(`${i % 2}/${result!.baseOffset + at} ${row}`);
        }
      };
      await Promise.all([append(one, "one"), append(other, "other"), append(one, "more")]);
      const expected = [...acknowledged].sort();
      expect(new Set(expected.map((line) => line.split(" ")[0])).size).toBe(900);
      for (const seen of told) {
        await expect.poll(() => seen.length, WAIT).toBe(900);
        expect([...seen].sort()).toEqual(expected);
        for (const partition of ["0/", "1/"]) {
          const offsets = seen
            .filter((line) => line.startsWith(partition))
            .map((line) => Number(/\/(\d+)/.exec(line)![1]));
          expect(offsets).toEqual(Array.from({ length: offsets.length }, (_, i) => i));
        }
      }
      for (const log of [one, other]) {
        const stored = await Promise.all(
          [0, 1].map(async (partition) =>
            rowsOf(await log.read(STREAM, partition, 0, EVERYTHING)).map((row, i) => `${partition}/${i} ${row}`),
          ),
        );
        expect(stored.flat().sort()).toEqual(expected);
      }
    });

    it("makes streams, partitions and schemas of one known to the other", async () => {
      await Promise.all([one.ensureStream("A.1.0", { partitions: 1 }), other.ensureStream("B.1.0", { partitions: 1 })]);
      await one.ensureStream(STREAM, { partitions: 5 });
      await one.saveSchema("abc", '{"name":"Flight"}');
      await expect.poll(() => [...other.streams()].sort(), WAIT).toEqual(["A.1.0", "B.1.0", STREAM]);
      await expect.poll(() => [...one.streams()].sort(), WAIT).toEqual(["A.1.0", "B.1.0", STREAM]);
      expect(other.streams()).toEqual(one.streams());
      await expect.poll(() => other.partitions(STREAM), WAIT).toBe(5);
      await expect.poll(() => other.schema("abc"), WAIT).toBe('{"name":"Flight"}');
      await other.append("A.1.0", recordsOf(["{}"], "abc", 0));
      await expect.poll(() => one.endOffset("A.1.0", 0), WAIT).toBe(1);
    });

    it("shares partitions among the members of both, and gives them on when one closes", async () => {
      const members = [new TestMember(), new TestMember()] as const;
      const membership = await one.join("table", members[0]);
      await membership.follow([STREAM]);
      await expect.poll(() => heldBy(members[0]), WAIT).toEqual(all(2));
      await (await other.join("table", members[1])).follow([STREAM]);
      await expect.poll(() => members.map(({ held }) => held.size), WAIT).toEqual([1, 1]);
      expect(heldBy(...members)).toEqual(all(2));
      await membership.leave();
      await one.close();
      await expect.poll(() => heldBy(members[1]), WAIT).toEqual(all(2));
      expect(members.flatMap(({ mistakes }) => mistakes)).toEqual([]);
    });

    it("takes progress from the holder alone, and tells the other of it", async () => {
      const members = [new TestMember(), new TestMember()] as const;
      await (await one.join("table", members[0])).follow([STREAM]);
      await (await other.join("table", members[1])).follow([STREAM]);
      await expect.poll(() => members.map(({ held }) => held.size), WAIT).toEqual([1, 1]);
      const ones = members[0].held.has(`${STREAM}/0`) ? 0 : 1;
      await one.append(STREAM, recordsOf(["{}", "{}"], "abc", 0), ones);
      const heard: unknown[] = [];
      other.onProgress("table", (...advance) => heard.push(advance));
      await one.saveProgress("table", STREAM, ones, { committed: 2 });
      await expect.poll(() => heard, WAIT).toEqual([[STREAM, ones, 2]]);
      expect(await other.progress("table", STREAM, ones)).toEqual({ committed: 2 });
      await expect(other.saveProgress("table", STREAM, ones, { committed: 1 })).rejects.toMatchObject({
        code: "fenced",
      });
      expect(await one.progress("table", STREAM, ones)).toEqual({ committed: 2 });
      expect(await other.groups()).toEqual(["table"]);
    });

    it("tells a reader what the other has trimmed", async () => {
      for (const from of [0, 10]) {
        const rows = Array.from({ length: 10 }, (_, i) => `{"n":${from + i}}`);
        await one.append(STREAM, recordsOf(rows, "abc", 0), 0);
      }
      await expect.poll(() => other.endOffset(STREAM, 0), WAIT).toBe(20);
      await one.trim(STREAM, 0, 15);
      await expect.poll(() => other.startOffset(STREAM, 0), WAIT).toBe(15);
      await expect(other.read(STREAM, 0, 0, EVERYTHING)).rejects.toMatchObject({
        code: "offset_trimmed",
        extra: { startOffset: 15 },
      });
      expect(rowsOf(await other.read(STREAM, 0, 15, EVERYTHING))).toHaveLength(5);
    });
  });
}
