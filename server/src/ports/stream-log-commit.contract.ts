// What a commit of rows together with progress must do in every stream log: a part of the suite in stream-log.contract.ts.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordsOf, rowsOf } from "../model/record-rows.ts";
import type { StreamLog } from "./stream-log.ts";
import { type StreamLogFixture, TestMember } from "./stream-log-groups.contract.ts";

const SOURCE = "In.1.0";
const TARGET = "Out.1.0";
const OTHER = "Other.1.0";
const GROUP = "functions.copy";
const EVERYTHING = { maxBytes: 1 << 28, maxRecords: 1 << 28 };
const WAIT = { timeout: 20_000 };
const records = (texts: readonly string[]) => recordsOf(texts, "5c1e9a", 1_700_000_000_000);
const rows = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `{"n":${from + i}}`);

export function streamLogCommitContract(createFixture: () => Promise<StreamLogFixture>): void {
  describe("commits", () => {
    let fixture: StreamLogFixture;
    let log: StreamLog;

    beforeEach(async () => {
      fixture = await createFixture();
      log = await fixture.open({ shared: true });
      await log.ensureStream(SOURCE, { partitions: 2 });
      await log.ensureStream(TARGET, { partitions: 2 });
      await log.ensureStream(OTHER, { partitions: 1 });
    });
    afterEach(async () => {
      await log.close();
      await fixture.dispose();
    });

    async function join(at: StreamLog) {
      const membership = await at.join(GROUP, new TestMember(), { commits: true });
      await membership.follow([SOURCE]);
      return membership;
    }

    async function stored(stream: string, partition = 0): Promise<string[]> {
      return rowsOf(await log.read(stream, partition, 0, EVERYTHING));
    }

    it("stores rows of several streams and the progress together", async () => {
      await join(log);
      expect(await log.progress(GROUP, SOURCE, 0)).toEqual({ committed: 0 });
      const progress = { committed: 7, account: { taken: 7, "to Out.1.0": 3 } };
      const results = await log.commit(GROUP, {
        stream: SOURCE,
        partition: 0,
        progress,
        appends: [
          { stream: TARGET, records: records(rows(3)), partition: 1 },
          { stream: OTHER, records: records(rows(2, 10)) },
          { stream: TARGET, records: records(rows(1, 3)), partition: 1 },
        ],
      });
      expect(results).toEqual([
        [{ partition: 1, baseOffset: 0, count: 3 }],
        [{ partition: 0, baseOffset: 0, count: 2 }],
        [{ partition: 1, baseOffset: 3, count: 1 }],
      ]);
      await expect.poll(() => stored(TARGET, 1), WAIT).toEqual(rows(4));
      await expect.poll(() => stored(OTHER), WAIT).toEqual(rows(2, 10));
      expect(await log.progress(GROUP, SOURCE, 0)).toEqual(progress);
      await log.close();
      log = await fixture.open({ shared: true });
      expect(await log.progress(GROUP, SOURCE, 0)).toEqual(progress);
      expect(await log.progress(GROUP, SOURCE, 1)).toEqual({ committed: 0 });
    });

    it("keeps the order of commits, each once, and none that holds no rows is lost", async () => {
      await join(log);
      for (let n = 0; n < 20; n++) {
        const appends = n % 4 === 3 ? [] : [{ stream: OTHER, records: records(rows(2, n * 2)) }];
        await log.commit(GROUP, { stream: SOURCE, partition: 0, progress: { committed: n + 1 }, appends });
      }
      const expected = Array.from({ length: 20 }, (_, n) => n).flatMap((n) => (n % 4 === 3 ? [] : rows(2, n * 2)));
      await expect.poll(() => stored(OTHER), WAIT).toEqual(expected);
      expect(await log.progress(GROUP, SOURCE, 0)).toEqual({ committed: 20 });
      const batches = await log.read(OTHER, 0, 0, EVERYTHING);
      const last = batches.at(-1)!;
      await expect.poll(() => log.endOffset(OTHER, 0), WAIT).toBe(last.baseOffset + last.ends.length);
      // Reading goes on from every offset, also from one that holds no event.
      for (let from = 0; from < log.endOffset(OTHER, 0); from++)
        expect((await log.read(OTHER, 0, from, { ...EVERYTHING, maxRecords: 1 })).length).toBe(1);
    });

    it("tells of its rows as of any other append, and of the progress", async () => {
      await join(log);
      const told: string[] = [];
      const heard: number[] = [];
      log.onAppend((batch) => batch.stream === OTHER && told.push(...rowsOf([batch])));
      log.onProgress(GROUP, (_stream, _partition, committed) => heard.push(committed));
      const appends = [{ stream: OTHER, records: records(rows(2)) }];
      await log.commit(GROUP, { stream: SOURCE, partition: 0, progress: { committed: 2 }, appends });
      await log.append(OTHER, records(rows(1, 2)));
      await expect.poll(() => told, WAIT).toEqual(rows(3));
      await expect.poll(() => heard, WAIT).toContain(2);
    });

    it("takes more rows than one batch of the log holds", async () => {
      await join(log);
      const large = Array.from({ length: 40 }, (_, i) => JSON.stringify({ n: i, text: "x".repeat(100_000) }));
      const appends = [{ stream: OTHER, records: records(large) }];
      const [results] = await log.commit(GROUP, { stream: SOURCE, partition: 0, progress: { committed: 1 }, appends });
      expect(results).toEqual([{ partition: 0, baseOffset: 0, count: 40 }]);
      await expect.poll(async () => (await stored(OTHER)).length, WAIT).toBe(40);
      expect(await stored(OTHER)).toEqual(large);
    });

    it("is refused, with nothing stored, to whoever does not hold the partition", async () => {
      const commit = {
        stream: SOURCE,
        partition: 0,
        progress: { committed: 5 },
        appends: [{ stream: OTHER, records: records(rows(5)) }],
      };
      await expect(log.commit(GROUP, commit)).rejects.toMatchObject({ code: "fenced" });
      const membership = await join(log);
      await membership.leave();
      await expect(log.commit(GROUP, commit)).rejects.toMatchObject({ code: "fenced" });
      await log.append(OTHER, records(rows(1, 9)));
      expect(await stored(OTHER)).toEqual(rows(1, 9));
      expect(await log.progress(GROUP, SOURCE, 0)).toEqual({ committed: 0 });
    });

    it("goes on in another process from exactly what was committed", async () => {
      const first = await join(log);
      const commit = (at: StreamLog, committed: number) =>
        at.commit(GROUP, {
          stream: SOURCE,
          partition: 0,
          progress: { committed },
          appends: [{ stream: OTHER, records: records(rows(1, committed)) }],
        });
      await log.progress(GROUP, SOURCE, 0);
      await commit(log, 1);
      const second = await fixture.open({ shared: true });
      try {
        const membership = await second.join(GROUP, new TestMember(), { commits: true });
        const followed = membership.follow([SOURCE]);
        await first.leave();
        await followed;
        await expect
          .poll(
            () =>
              commit(second, 2).then(
                () => "stored",
                () => "not yet",
              ),
            WAIT,
          )
          .toBe("stored");
        expect(await second.progress(GROUP, SOURCE, 0)).toEqual({ committed: 2 });
        await expect(commit(log, 3)).rejects.toMatchObject({ code: "fenced" });
        await expect.poll(() => stored(OTHER), WAIT).toEqual(rows(2, 1));
      } finally {
        await second.close();
      }
    });
  });
}
