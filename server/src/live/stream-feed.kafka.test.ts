// Live subscribers of a stream that functions write to on Kafka: the offsets that transactions take are nothing that was missed.
import { expect, it } from "vitest";
import { startTestBroker } from "../adapters/kafka/test-broker.ts";
import { openTestLog } from "../adapters/kafka/test-kafka-log.ts";
import { recordsOf } from "../model/record-rows.ts";
import { TestMember } from "../ports/stream-log-groups.contract.ts";
import { StreamFeed } from "./stream-feed.ts";

const SOURCE = "In.1.0";
const TARGET = "Out.1.0";
const GROUP = "functions.copy";

it("hands on what several transactions committed, and says that nothing was missed", { timeout: 120_000 }, async () => {
  const broker = await startTestBroker();
  const log = await openTestLog(broker.address);
  try {
    for (const stream of [SOURCE, TARGET]) await log.ensureStream(stream, { partitions: 1 });
    const membership = await log.join(GROUP, new TestMember(), { commits: true });
    await membership.follow([SOURCE]);
    const feed = new StreamFeed(TARGET, log, 1_000_000);
    log.onAppend((batch) => batch.stream === TARGET && feed.append(batch));
    const delivered: string[] = [];
    let missed = 0;
    feed.join({
      deliver: (body) => delivered.push(...(body.match(/"n":\d+/g) ?? [])) > 0,
      missed: () => {
        missed++;
      },
    });
    for (let n = 0; n < 5; n++) {
      const appends = [{ stream: TARGET, records: recordsOf([`{"n":${n}}`], "5c1e9a", 1_700_000_000_000) }];
      await log.commit(GROUP, { stream: SOURCE, partition: 0, progress: { committed: n }, appends });
    }
    await expect.poll(() => delivered, { timeout: 20_000 }).toEqual(['"n":0', '"n":1', '"n":2', '"n":3', '"n":4']);
    expect(missed).toBe(0);
    expect(feed.edge[0]).toBeGreaterThan(5);
  } finally {
    await log.close();
    await broker.remove();
  }
});
