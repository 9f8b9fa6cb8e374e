// The order of commits when answers are lost, and what is left of them when a partition was lost and came back. The coordinator's answers are given by hand.
import { KafkaJSProtocolError, KafkaJSRequestTimeoutError } from "kafkajs";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../telemetry/log.ts";
import { HeldPartitions } from "./held-partitions.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { OffsetCommits } from "./offset-commits.ts";

interface Sent {
  readonly text: string;
  readonly generation: number;
  answer(error?: Error): void;
}

interface CommitRequest {
  readonly groupGenerationId: number;
  readonly topics: readonly {
    readonly partitions: readonly { readonly offset: string; readonly metadata: string }[];
  }[];
}

const at = { topic: "Flight.1.0", partition: 0 };
const oldGeneration = { type: "ILLEGAL_GENERATION", code: 22, message: "an old generation" } as never;
const lost = (): Error => new KafkaJSRequestTimeoutError("no answer", {} as never);

function setUp() {
  const sent: Sent[] = [];
  const told: (() => void)[] = [];
  const coordinator = {
    offsetCommit({ groupGenerationId, topics }: CommitRequest): Promise<void> {
      const { offset, metadata } = topics[0]!.partitions[0]!;
      return new Promise((resolve, reject) => {
        const answer = (error?: Error): void => (error === undefined ? resolve() : reject(error));
        sent.push({ text: `${offset}${metadata}`, generation: groupGenerationId, answer });
        told.shift()?.();
      });
    },
  };
  const connection = { coordinator: async () => coordinator, forgetCoordinator() {} } as unknown as KafkaConnection;
  const held = new HeldPartitions({
    groupId: "g",
    log: silentLog,
    revokeTimeoutMs: 1000,
    heartbeatEveryMs: 1000,
    heartbeat: async () => {},
    assigned() {},
    revoked: async () => {},
  });
  const member = { memberId: "m", generation: 1 };
  let nowMs = 0;
  const commits = new OffsetCommits({
    connection,
    groupId: "g",
    held,
    membership: () => member,
    joinAgain() {},
    nowMs: () => nowMs,
  });
  const passMs = (ms: number): void => {
    nowMs += ms;
  };
  const nextSent = async (): Promise<Sent> => {
    if (sent.length === 0) await new Promise<void>((resolve) => told.push(resolve));
    return sent.shift()!;
  };
  held.take([at]);
  return { commits, held, member, nextSent, passMs, sent };
}

describe("commits of one partition", () => {
  it("never sends an older one again after a newer one", async () => {
    const { commits, nextSent, sent } = setUp();
    const older = commits.commit(at, 5, "");
    const first = await nextSent();
    const newer = commits.commit(at, 5, " pending 5-9");
    expect(sent).toEqual([]);
    first.answer(lost());
    const second = await nextSent();
    expect(second.text).toBe("5 pending 5-9");
    second.answer();
    await Promise.all([older, newer]);
    expect(sent).toEqual([]);
  });

  it("sends only the newest of those that wait", async () => {
    const { commits, nextSent, sent } = setUp();
    const saved = [commits.commit(at, 1, "")];
    const first = await nextSent();
    saved.push(commits.commit(at, 2, ""), commits.commit(at, 3, ""));
    first.answer();
    const second = await nextSent();
    expect(second.text).toBe("3");
    second.answer();
    await Promise.all(saved);
    expect(sent).toEqual([]);
  });

  it("is sent again until it is answered", async () => {
    const { commits, nextSent } = setUp();
    const saved = commits.commit(at, 1, "");
    (await nextSent()).answer(lost());
    (await nextSent()).answer(lost());
    (await nextSent()).answer();
    await expect(saved).resolves.toBeUndefined();
  });

  it("of one assignment is not sent under a later one", async () => {
    const { commits, held, member, nextSent, sent } = setUp();
    const stale = commits.commit(at, 5, "");
    const refused = expect(stale).rejects.toMatchObject({ code: "fenced" });
    const first = await nextSent();
    await held.lose();
    member.generation = 2;
    held.take([at]);
    const fresh = commits.commit(at, 90, "");
    first.answer(lost());
    await refused;
    const second = await nextSent();
    expect(second).toMatchObject({ text: "90", generation: 2 });
    second.answer();
    await fresh;
    expect(sent).toEqual([]);
  });

  it("is fenced when the partition is not held, and when it is lost meanwhile", async () => {
    const { commits, held, nextSent } = setUp();
    await held.lose();
    await expect(commits.commit(at, 5, "")).rejects.toMatchObject({ code: "fenced" });
    held.take([at]);
    const refused = expect(commits.commit(at, 5, "")).rejects.toMatchObject({ code: "fenced" });
    const first = await nextSent();
    await held.lose();
    first.answer(new KafkaJSProtocolError(oldGeneration));
    await refused;
  });

  it("is not fenced by an old generation while the partition is held: it goes on under the new one", async () => {
    const { commits, member, nextSent } = setUp();
    const saved = commits.commit(at, 5, "");
    const first = await nextSent();
    member.generation = 2;
    first.answer(new KafkaJSProtocolError(oldGeneration));
    const second = await nextSent();
    expect(second.generation).toBe(2);
    second.answer();
    await saved;
  });

  it("is given up after its limit, though not as lost", async () => {
    const { commits, nextSent, passMs } = setUp();
    const refused = expect(commits.commit(at, 5, "")).rejects.toMatchObject({ code: "log_unavailable" });
    const first = await nextSent();
    passMs(10_001);
    first.answer(new KafkaJSProtocolError(oldGeneration));
    await refused;
  });
});
