// The sender on a real queue, against a server that answers as it is told: what is under way together, what is shed, and what goes when the page does.
import { describe, expect, it } from "vitest";
import type { IngestDeliveryError } from "./errors.ts";
import { KeepaliveQuota } from "./keepalive-quota.ts";
import type { Attempt, AttemptResult } from "./post-batch.ts";
import { MemoryQueue } from "./queue/memory-queue.ts";
import { defaultRetryPolicy } from "./retry-policy.ts";
import { Sender, type SenderConfig } from "./sender.ts";
import { ManualClock } from "./test-manual-clock.ts";

interface Call {
  readonly init: RequestInit;
  readonly answer: (response: Response) => Promise<void>;
  readonly fail: () => Promise<void>;
}

const row = (n: number) => `{"n":${n}}\n`;
const accepted = (events: number) =>
  Response.json({ accepted: events, rejected: 0, duplicates: 0, errors: [], errorsTruncated: false });
const textOf = (body: unknown) => new TextDecoder().decode(body as Uint8Array);
const header = (call: Call | undefined, name: string) => new Headers(call?.init.headers).get(name);
const idsOf = (call: Call | undefined) => header(call, "moose-event-ids")?.split(";")[1];
const bytesOf = (call: Call) => (call.init.body as Uint8Array).length;

/** Everything that is due without time passing has run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

function setUp(overrides: Partial<SenderConfig> = {}) {
  const clock = new ManualClock(0);
  const calls: Call[] = [];
  const errors: IngestDeliveryError[] = [];
  const left: number[] = [];
  const queue = new MemoryQueue();
  let keys = 0;
  const sender = new Sender({
    queue,
    clock,
    random: () => 0.5,
    newKey: () => `key-${keys++}`,
    limits: { maxBatchEvents: 1000, maxBatchBytes: 1000 },
    lingerMs: 0,
    concurrency: 2,
    attemptTimeoutMs: 5000,
    retry: { ...defaultRetryPolicy, firstDelayMs: 100 },
    quota: new KeepaliveQuota(100),
    shedAboveBytes: undefined,
    shedFirst: [],
    onError: (error) => errors.push(error),
    onRejected: () => {},
    onSettled: (settledKeys) => left.push(...settledKeys),
    ...overrides,
    post: {
      baseUrl: "http://moose",
      headers: { authorization: "Bearer key" },
      compression: "none",
      onAttempt: undefined,
      fetch: (_url, init) =>
        new Promise((resolve, reject) => {
          init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
          calls.push({
            init,
            answer: (response) => {
              resolve(response);
              return settled();
            },
            fail: () => {
              reject(new TypeError("fetch failed"));
              return settled();
            },
          });
        }),
      ...overrides.post,
    },
  });
  let nextId = 0;
  const put = async (rows: number, of: { model?: string; producer?: string } = {}): Promise<void> => {
    const body = new TextEncoder().encode(Array.from({ length: rows }, (_, n) => row(n % 10)).join(""));
    const chunk = { model: "Flight", version: "1.0", producer: "0123456789abcdef", ...of };
    await queue.append([{ ...chunk, body, events: rows, firstId: nextId }]);
    nextId += rows;
    sender.wake();
    await settled();
  };
  return { clock, calls, errors, left, queue, sender, put };
}

describe("Sender", () => {
  it("has no more under way than it may, keeps the order, and takes out of the queue what is answered", async () => {
    const { sender, calls, queue, put, left } = setUp({ limits: { maxBatchEvents: 1, maxBatchBytes: 1000 } });
    sender.start();
    for (let n = 0; n < 4; n++) await put(1);
    expect(calls.map(idsOf)).toEqual(["0", "1"]);
    await calls[1]!.answer(accepted(1));
    expect(calls.map(idsOf)).toEqual(["0", "1", "2"]);
    expect(left).toEqual([2]);
    expect(queue.size.events).toBe(3);
  });

  it("joins chunks of one model and producer, and waits for more until they have lingered", async () => {
    const { sender, calls, clock, put } = setUp({ lingerMs: 50 });
    sender.start();
    await put(2);
    await put(1, { model: "Gate" });
    await put(3);
    await put(1, { producer: "fedcba9876543210" });
    expect(calls.length).toBe(0);
    clock.advance(50);
    await settled();
    expect(calls.map((call) => header(call, "moose-event-ids"))).toEqual([
      "0123456789abcdef;0-1,3-5",
      "0123456789abcdef;2",
    ]);
    await calls[0]!.answer(accepted(5));
    expect(header(calls[2], "moose-event-ids")).toBe("fedcba9876543210;6");
  });

  it("does not linger when somebody waits", async () => {
    const { sender, calls, put } = setUp({ lingerMs: 50_000 });
    sender.start();
    await put(2);
    sender.hurry();
    await settled();
    expect(calls.length).toBe(1);
  });

  it("reads ahead no more than it can send soon, and sends all of it in the end", async () => {
    const { sender, calls, queue, put } = setUp({ limits: { maxBatchEvents: 1000, maxBatchBytes: 80 } });
    for (let n = 0; n < 30; n++) await put(9);
    sender.start();
    await settled();
    for (let at = 0; at < calls.length; at++) {
      expect(bytesOf(calls[at]!)).toBeLessThanOrEqual(80);
      await calls[at]!.answer(accepted(9));
    }
    expect(calls.length).toBe(30);
    expect(queue.size).toEqual({ bytes: 0, events: 0 });
  });

  it("gives a batch up when it was told a limit, and hands over its events", async () => {
    const { sender, calls, clock, errors, put } = setUp({
      retry: { ...defaultRetryPolicy, firstDelayMs: 100, giveUpAfterMs: 1000 },
    });
    sender.start();
    await put(3);
    for (let attempt = 0; errors.length === 0 && attempt < 50; attempt++) {
      await calls[attempt]!.fail();
      clock.advance(clock.pendingMs[0] ?? 0);
      await settled();
    }
    expect(errors).toMatchObject([{ code: "delivery_failed", events: 3, retryable: true, model: "Flight" }]);
    expect(textOf(errors[0]!.ndjson)).toBe(row(0) + row(1) + row(2));
    expect(clock.nowMs()).toBeLessThanOrEqual(1000);
    expect(sender.counts.lost).toBe(3);
  });

  it("never gives up by itself, however long the network is gone, and tries at once when it is back", async () => {
    const { sender, calls, clock, errors, put } = setUp();
    sender.start();
    await put(1);
    for (let attempt = 0; attempt < 100; attempt++) {
      await calls[attempt]!.fail();
      clock.advance(clock.pendingMs[0]!);
      await settled();
    }
    await calls.at(-1)!.fail();
    const before = calls.length;
    sender.retryNow();
    await settled();
    expect(calls.length).toBe(before + 1);
    await calls.at(-1)!.answer(accepted(1));
    expect(errors).toEqual([]);
    expect(sender.counts).toMatchObject({ sent: 1, lost: 0, retries: 101 });
    expect(clock.pendingMs).toEqual([]);
  });

  it("leaves what is not answered in the queue when it stops, and no timer", async () => {
    const { sender, calls, clock, queue, put, errors } = setUp({ concurrency: 1 });
    sender.start();
    await put(1);
    await put(2);
    await calls[0]!.fail();
    sender.stop();
    await settled();
    expect(clock.pendingMs).toEqual([]);
    expect(queue.size.events).toBe(3);
    sender.start();
    await settled();
    expect(idsOf(calls[1])).toBe("0-2");
    expect(errors).toEqual([]);
  });

  it("gives up what is in the queue when it is told to, and hands it over", async () => {
    const { sender, queue, put, errors } = setUp();
    await put(1);
    await put(2);
    await sender.giveUp();
    expect(errors.map(({ events, code }) => [events, code])).toEqual([
      [1, "delivery_failed"],
      [2, "delivery_failed"],
    ]);
    expect(queue.size.events).toBe(0);
  });

  it("sheds the oldest that is not under way, counts it, and tells those who wait for it", async () => {
    const { sender, put, left, queue } = setUp({
      limits: { maxBatchEvents: 1, maxBatchBytes: 8 },
      shedAboveBytes: 40,
      concurrency: 1,
    });
    sender.start();
    for (let n = 0; n < 9; n++) await put(1);
    expect(queue.size.bytes).toBe(40);
    // The first is on its way.
    expect(left).toEqual([2, 3, 4, 5]);
    expect(sender.counts.shed).toBe(4);
  });

  it("tells a tracing hook of each attempt, and takes its headers along", async () => {
    const seen: { attempt: Attempt; result?: AttemptResult }[] = [];
    const { sender, calls, put, clock } = setUp({
      post: {
        baseUrl: "http://moose",
        headers: async () => ({ authorization: `Bearer ${seen.length}` }),
        compression: "none",
        fetch: (_url, init) =>
          new Promise((resolve) => {
            const answer = (reply: Response): Promise<void> => {
              resolve(reply);
              return settled();
            };
            calls.push({ init, answer, fail: settled });
          }),
        onAttempt: (attempt) => {
          const entry: (typeof seen)[number] = { attempt };
          seen.push(entry);
          attempt.headers.traceparent = `trace-${attempt.attempt}`;
          return (result) => {
            entry.result = result;
          };
        },
      },
    });
    sender.start();
    await put(2);
    await calls[0]!.answer(new Response("", { status: 503, headers: { "x-request-id": "r-1" } }));
    clock.advance(50);
    await settled();
    await calls[1]!.answer(accepted(2));
    expect(calls.map((call) => header(call, "traceparent"))).toEqual(["trace-1", "trace-2"]);
    expect(calls.map((call) => header(call, "authorization"))).toEqual(["Bearer 1", "Bearer 2"]);
    expect(seen.map(({ attempt, result }) => [attempt.events, result?.status, result?.accepted])).toEqual([
      [2, 503, 0],
      [2, 200, 2],
    ]);
    expect(seen[0]!.result).toMatchObject({ failure: "HTTP 503", requestId: "r-1" });
    expect(seen[1]!.result?.failure).toBeUndefined();
  });
});

describe("Sender when the page goes", () => {
  it("never has more keepalive bytes on the way than the quota, cuts to fit, and loses nothing of the rest", async () => {
    const { sender, calls, put } = setUp({ concurrency: 1, limits: { maxBatchEvents: 1000, maxBatchBytes: 72 } });
    sender.start();
    await put(1);
    await put(9);
    await put(9);
    sender.setHidden(true);
    await settled();
    const keepalive = calls.filter((call) => call.init.keepalive);
    const bytes = keepalive.reduce((sum, call) => sum + bytesOf(call), 0);
    expect(bytes).toBeLessThanOrEqual(100);
    expect(bytes).toBeGreaterThan(90);
    expect(keepalive.map(idsOf)).toEqual(["1-9", "10-12"]);
    for (let at = 0; at < calls.length; at++) {
      await calls[at]!.answer(accepted(textOf(calls[at]!.init.body).split("\n").length - 1));
    }
    expect(sender.counts.sent).toBe(19);
    sender.setHidden(false);
    await put(1);
    expect(calls.at(-1)!.init.keepalive).toBeUndefined();
  });

  it("sends what is under way once more under the same key and ids, since a plain request dies with the page", async () => {
    const { sender, calls, put } = setUp();
    sender.start();
    await put(2);
    const unsaved = { model: "Flight", version: "1.0", producer: "0123456789abcdef", firstId: 2, events: 1 };
    sender.sendLast([{ ...unsaved, body: new TextEncoder().encode(row(2)) }]);
    await settled();
    expect(calls.map((call) => [idsOf(call), call.init.keepalive ?? false])).toEqual([
      ["0-1", false],
      ["0-1", true],
      ["2", true],
    ]);
    expect(header(calls[1], "idempotency-key")).toBe(header(calls[0], "idempotency-key"));
  });

  it("gives its part of the quota back", async () => {
    const quota = new KeepaliveQuota(100);
    const { sender, calls, put } = setUp({ quota, lingerMs: 1000 });
    sender.start();
    await put(5);
    sender.setHidden(true);
    expect(quota.freeBytes).toBe(60);
    await calls[0]!.answer(accepted(5));
    expect(quota.freeBytes).toBe(100);
  });
});
