// What consumer groups, progress and trimming must do in every stream log: a part of the suite in stream-log.contract.ts.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordsOf, rowsOf } from "../model/record-rows.ts";
import type { GroupMember, StreamLog, StreamPartition } from "./stream-log.ts";

export interface StreamLogFixture {
  /** Opens the log that belongs to this fixture; called again after `close`, it finds what was stored. */
  open(options?: {
    maxPendingBytes?: number /** Several are open at a time, as in several processes. */;
    shared?: boolean;
  }): Promise<StreamLog>;
  /** Removes everything. */
  dispose(): Promise<void>;
}

const EVERYTHING = { maxBytes: 1 << 28, maxRecords: 1 << 28 };
const STREAM = "Flight.1.0";
const WAIT = { timeout: 15_000 };

/** A member that remembers what it holds, and whatever it was told that cannot be. */
export class TestMember implements GroupMember {
  readonly held = new Set<string>();
  readonly mistakes: string[] = [];
  /** Awaited before a revocation is answered. */
  beforeAnswer: () => Promise<void> = async () => {};

  assigned(partitions: readonly StreamPartition[]): void {
    for (const at of partitions) {
      if (this.held.has(nameOf(at))) this.mistakes.push(`assigned twice: ${nameOf(at)}`);
      this.held.add(nameOf(at));
    }
  }

  async revoked(partitions: readonly StreamPartition[]): Promise<void> {
    for (const at of partitions) if (!this.held.has(nameOf(at))) this.mistakes.push(`not held: ${nameOf(at)}`);
    await this.beforeAnswer();
    for (const at of partitions) this.held.delete(nameOf(at));
  }
}

const nameOf = ({ stream, partition }: StreamPartition): string => `${stream}/${partition}`;
export const heldBy = (...members: TestMember[]): string[] => members.flatMap(({ held }) => [...held]).sort();
export const all = (partitions: number, stream = STREAM): string[] =>
  Array.from({ length: partitions }, (_, partition) => nameOf({ stream, partition }));
const rows = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `{"n":${from + i}}`);
const records = (texts: readonly string[]) => recordsOf(texts, "5c1e9a", 1_700_000_000_000);

export function streamLogGroupsContract(createFixture: () => Promise<StreamLogFixture>): void {
  describe("groups", () => {
    let fixture: StreamLogFixture;
    let log: StreamLog;

    beforeEach(async () => {
      fixture = await createFixture();
      log = await fixture.open();
      await log.ensureStream(STREAM, { partitions: 4 });
    });
    afterEach(async () => {
      await log.close();
      await fixture.dispose();
    });

    async function join(group = "table", streams: readonly string[] = [STREAM]) {
      const member = new TestMember();
      const membership = await log.join(group, member);
      await membership.follow(streams);
      return { member, membership };
    }

    it("gives a member alone every partition, and none after it has left", async () => {
      const { member, membership } = await join();
      expect(heldBy(member)).toEqual(all(4));
      await membership.leave();
      expect(heldBy(member)).toEqual([]);
      await membership.leave();
      expect(member.mistakes).toEqual([]);
    });

    it("shares partitions evenly, one holder for each, as members come and go", async () => {
      const first = await join();
      const second = await join();
      await expect.poll(() => [first.member.held.size, second.member.held.size], WAIT).toEqual([2, 2]);
      expect(heldBy(first.member, second.member)).toEqual(all(4));
      await first.membership.leave();
      await expect.poll(() => heldBy(second.member), WAIT).toEqual(all(4));
      expect([...first.member.mistakes, ...second.member.mistakes]).toEqual([]);
    });

    it("gives a partition on only when its holder has stopped with it", async () => {
      const first = await join();
      let asked = false;
      let release!: () => void;
      const stopped = new Promise<void>((resolve) => {
        release = resolve;
      });
      first.member.beforeAnswer = () => {
        asked = true;
        return stopped;
      };
      const member = new TestMember();
      const membership = await log.join("table", member);
      const followed = membership.follow([STREAM]);
      await expect.poll(() => asked, WAIT).toBe(true);
      expect([heldBy(first.member), heldBy(member)]).toEqual([all(4), []]);
      release();
      await followed;
      await expect.poll(() => heldBy(member).length, WAIT).toBe(2);
      expect(heldBy(first.member, member)).toEqual(all(4));
      expect([...first.member.mistakes, ...member.mistakes]).toEqual([]);
    });

    it("keeps groups apart, and follows other streams when it is told to", async () => {
      await log.ensureStream("Other.1.0", { partitions: 1 });
      const table = await join("table", [STREAM, "Other.1.0"]);
      const functions = await join("functions.x", ["Other.1.0"]);
      expect(heldBy(table.member)).toEqual([...all(4), ...all(1, "Other.1.0")]);
      expect(heldBy(functions.member)).toEqual(all(1, "Other.1.0"));
      await functions.membership.follow([STREAM]);
      expect(heldBy(functions.member)).toEqual(all(4));
      expect(table.member.held.size).toBe(5);
    });

    it("gives out the partitions by which a stream grows", async () => {
      const { member } = await join();
      await log.ensureStream(STREAM, { partitions: 6 });
      expect(log.partitions(STREAM)).toBe(6);
      await expect.poll(() => heldBy(member), WAIT).toEqual(all(6));
      await log.append(STREAM, records(["{}"]), 5);
      expect(log.endOffset(STREAM, 5)).toBe(1);
    });

    it("keeps each group's progress, also over a restart", async () => {
      await join("table");
      await join("live");
      expect(await log.progress("table", STREAM, 1)).toEqual({ committed: 0 });
      await log.append(STREAM, records(rows(9)), 1);
      await log.saveProgress("table", STREAM, 1, { committed: 3, pending: { first: 3, last: 9 } });
      await log.saveProgress("live", STREAM, 1, { committed: 1 });
      await log.close();
      log = await fixture.open();
      expect(await log.progress("table", STREAM, 1)).toEqual({ committed: 3, pending: { first: 3, last: 9 } });
      expect(await log.progress("live", STREAM, 1)).toEqual({ committed: 1 });
      expect(await log.progress("table", STREAM, 0)).toEqual({ committed: 0 });
      await join("table");
      await log.saveProgress("table", STREAM, 1, { committed: 9 });
      expect(await log.progress("table", STREAM, 1)).toEqual({ committed: 9 });
      expect([...(await log.groups())].sort()).toEqual(["live", "table"]);
    });

    it("takes progress from who holds the partition, and from nobody else", async () => {
      const fenced = { code: "fenced" };
      await expect(log.saveProgress("table", STREAM, 0, { committed: 1 })).rejects.toMatchObject(fenced);
      const { membership } = await join();
      await log.append(STREAM, records(rows(2)), 0);
      await log.saveProgress("table", STREAM, 0, { committed: 1 });
      await membership.leave();
      await expect(log.saveProgress("table", STREAM, 0, { committed: 2 })).rejects.toMatchObject(fenced);
      expect(await log.progress("table", STREAM, 0)).toEqual({ committed: 1 });
    });

    it("tells of each advance of a group, and only of that", async () => {
      await join("table");
      await join("other");
      await log.append(STREAM, records(rows(9)), 2);
      const seen: unknown[] = [];
      const stop = log.onProgress("table", (...advance) => seen.push(advance));
      await log.saveProgress("table", STREAM, 2, { committed: 3 });
      await log.saveProgress("table", STREAM, 2, { committed: 3, pending: { first: 3, last: 5 } });
      await log.saveProgress("other", STREAM, 2, { committed: 8 });
      await log.saveProgress("table", STREAM, 2, { committed: 5 });
      await expect
        .poll(() => seen, WAIT)
        .toEqual([
          [STREAM, 2, 3],
          [STREAM, 2, 5],
        ]);
      stop();
      await log.saveProgress("table", STREAM, 2, { committed: 9 });
      expect(seen).toHaveLength(2);
    });

    it("forgets what is trimmed, keeps the offsets, and says where it begins", async () => {
      for (const from of [0, 10, 20]) await log.append(STREAM, records(rows(10, from)), 0);
      const before = await log.size(STREAM);
      expect(before.bytes).toBeGreaterThan(0);
      expect(log.startOffset(STREAM, 0)).toBe(0);
      await log.trim(STREAM, 0, 14);
      for (const reopened of [false, true]) {
        if (reopened) {
          await log.close();
          log = await fixture.open();
        }
        expect([log.startOffset(STREAM, 0), log.endOffset(STREAM, 0)]).toEqual([14, 30]);
        await expect(log.read(STREAM, 0, 13, EVERYTHING)).rejects.toMatchObject({
          code: "offset_trimmed",
          extra: { startOffset: 14 },
        });
        expect(rowsOf(await log.read(STREAM, 0, 14, EVERYTHING))).toEqual(rows(16, 14));
      }
      await log.trim(STREAM, 0, 5);
      expect(log.startOffset(STREAM, 0)).toBe(14);
      await log.trim(STREAM, 0, 99);
      expect([log.startOffset(STREAM, 0), log.endOffset(STREAM, 0)]).toEqual([30, 30]);
      expect(await log.read(STREAM, 0, 30, EVERYTHING)).toEqual([]);
      await log.close();
      log = await fixture.open();
      expect([log.startOffset(STREAM, 0), log.endOffset(STREAM, 0)]).toEqual([30, 30]);
      expect(await log.append(STREAM, records(rows(1, 30)), 0)).toMatchObject([{ baseOffset: 30 }]);
      expect(rowsOf(await log.read(STREAM, 0, 30, EVERYTHING))).toEqual(rows(1, 30));
    });
  });
}
