// Delivery against a server that fails in every way: what is sent again, what is given up, and what the app is told.
import { describe, expect, it } from "vitest";
import type { Batch } from "./batch.ts";
import { Delivery, type DeliveryConfig } from "./delivery.ts";
import type { IngestDeliveryError } from "./errors.ts";
import { KeepaliveQuota } from "./keepalive-quota.ts";
import type { RejectedRows } from "./options.ts";
import { ManualClock } from "./test-manual-clock.ts";

interface Call {
  readonly url: string;
  readonly init: RequestInit;
  readonly answer: (response: Response) => Promise<void>;
  readonly fail: () => Promise<void>;
}

const row = (n: number) => `{"n":${n}}\n`;
const batchOf = (rows: number, key = `key-${rows}`, createdAtMs = 0): Batch => ({
  model: "Flight",
  version: "1.0",
  body: new TextEncoder().encode(Array.from({ length: rows }, (_, n) => row(n)).join("")),
  events: rows,
  key,
  producer: "0123456789abcdef",
  firstId: 0,
  createdAtMs,
  sequence: 0,
  attempts: 0,
});
const accepted = (events: number, extra: object = {}) =>
  Response.json({ accepted: events, rejected: 0, duplicates: 0, errors: [], errorsTruncated: false, ...extra });
const textOf = (body: unknown) => new TextDecoder().decode(body as Uint8Array);

/** Everything that is due without time passing has run. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp(overrides: Partial<DeliveryConfig> = {}) {
  const clock = new ManualClock(0);
  const calls: Call[] = [];
  const errors: IngestDeliveryError[] = [];
  const rejected: RejectedRows[] = [];
  let keys = 0;
  let settledBatches = 0;
  const delivery = new Delivery({
    baseUrl: "http://moose",
    headers: { authorization: "Bearer key" },
    clock,
    random: () => 0.5,
    newKey: () => `split-${keys++}`,
    concurrency: 2,
    attemptTimeoutMs: 5000,
    retry: { firstDelayMs: 100, maxDelayMs: 10_000, giveUpAfterMs: 60_000 },
    quota: new KeepaliveQuota(100),
    onError: (error) => errors.push(error),
    onRejected: (rows) => rejected.push(rows),
    onSettled: () => {
      settledBatches++;
    },
    fetch: (url, init) =>
      new Promise((resolve, reject) => {
        init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        calls.push({
          url,
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
    ...overrides,
  });
  return { clock, calls, errors, rejected, delivery, settledBatches: () => settledBatches };
}

const header = (call: Call | undefined, name: string) => new Headers(call?.init.headers).get(name);

describe("Delivery", () => {
  it("posts NDJSON to the model's version under its key, and keeps the position", async () => {
    const { delivery, calls } = setUp();
    delivery.enqueue(batchOf(2));
    await calls[0]!.answer(accepted(2, { position: "p9.abc" }));
    expect(calls[0]!.url).toBe("http://moose/ingest/Flight/1.0");
    expect(header(calls[0], "content-type")).toBe("application/x-ndjson");
    expect(header(calls[0], "idempotency-key")).toBe("key-2");
    expect(header(calls[0], "authorization")).toBe("Bearer key");
    expect(textOf(calls[0]!.init.body)).toBe('{"n":0}\n{"n":1}\n');
    expect(delivery.position).toBe("p9.abc");
    expect(delivery.counts).toMatchObject({ sent: 2, bytes: 0, events: 0 });
  });

  it("has no more under way than it may, and keeps the order", async () => {
    const { delivery, calls } = setUp();
    for (const rows of [1, 2, 3, 4]) delivery.enqueue(batchOf(rows));
    expect(calls.length).toBe(2);
    await calls[1]!.answer(accepted(2));
    expect(calls.map((call) => header(call, "idempotency-key"))).toEqual(["key-1", "key-2", "key-3"]);
  });

  it("retries with the same key and body after no reply, 429 and 503, and waits as long as it is told", async () => {
    const { delivery, calls, clock } = setUp();
    delivery.enqueue(batchOf(1));
    await calls[0]!.fail();
    expect(clock.pendingMs).toEqual([50]);
    clock.advance(50);
    await settled();
    await calls[1]!.answer(new Response("", { status: 429, headers: { "retry-after": "2" } }));
    expect(clock.pendingMs).toEqual([2250]);
    clock.advance(2250);
    await settled();
    await calls[2]!.answer(new Response("", { status: 503 }));
    clock.advance(1000);
    await settled();
    await calls[3]!.answer(accepted(1));
    expect(new Set(calls.map((call) => header(call, "idempotency-key"))).size).toBe(1);
    expect(new Set(calls.map((call) => header(call, "moose-event-ids"))).size).toBe(1);
    expect(new Set(calls.map((call) => textOf(call.init.body))).size).toBe(1);
    expect(delivery.counts).toMatchObject({ sent: 1, retries: 3, lost: 0 });
    expect(clock.pendingMs).toEqual([]);
  });

  it("ends an attempt that takes too long and tries again", async () => {
    const { delivery, calls, clock } = setUp();
    delivery.enqueue(batchOf(1));
    clock.advance(5000);
    await settled();
    clock.advance(50);
    await settled();
    expect(calls.length).toBe(2);
    expect(calls[0]!.init.signal?.aborted).toBe(true);
  });

  it("gives a batch up when it is too old, and hands over its events", async () => {
    const { delivery, calls, clock, errors } = setUp({
      retry: { firstDelayMs: 100, maxDelayMs: 10_000, giveUpAfterMs: 1000 },
    });
    delivery.enqueue(batchOf(3));
    for (let attempt = 0; errors.length === 0 && attempt < 50; attempt++) {
      await calls[attempt]!.fail();
      clock.advance(clock.pendingMs[0] ?? 0);
      await settled();
    }
    expect(errors[0]).toMatchObject({ code: "delivery_failed", events: 3, retryable: true, model: "Flight" });
    expect(textOf(errors[0]!.ndjson)).toBe(row(0) + row(1) + row(2));
    expect(clock.nowMs()).toBeLessThanOrEqual(1000);
    expect(delivery.counts).toMatchObject({ lost: 3, events: 0 });
  });

  it("does not retry what the server will never take", async () => {
    const { delivery, calls, errors } = setUp();
    delivery.enqueue(batchOf(1));
    const problem = { status: 404, code: "unknown_model", detail: "There is no model Flight." };
    await calls[0]!.answer(Response.json(problem, { status: 404, headers: { "x-request-id": "r-1" } }));
    expect(errors[0]).toMatchObject({
      code: "delivery_refused",
      status: 404,
      problemCode: "unknown_model",
      requestId: "r-1",
      retryable: false,
    });
    expect(errors[0]!.message).toContain("There is no model Flight.");
    expect(calls.length).toBe(1);
  });

  it("does not take the page of a proxy for an acknowledgement", async () => {
    const { delivery, calls, clock } = setUp();
    delivery.enqueue(batchOf(1));
    await calls[0]!.answer(new Response("<html>please log in</html>"));
    expect(delivery.counts).toMatchObject({ sent: 0, retries: 1, events: 1 });
    expect(clock.pendingMs.length).toBe(1);
  });

  it("sends a body that is too large in halves under keys of their own", async () => {
    const { delivery, calls } = setUp({ concurrency: 1 });
    delivery.enqueue(batchOf(4));
    const mark = delivery.mark();
    await calls[0]!.answer(new Response("", { status: 413 }));
    expect(delivery.isSettled(mark)).toBe(false);
    await calls[1]!.answer(accepted(2));
    await calls[2]!.answer(accepted(2));
    expect(calls.slice(1).map((call) => textOf(call.init.body))).toEqual([row(0) + row(1), row(2) + row(3)]);
    expect(calls.map((call) => header(call, "idempotency-key"))).toEqual(["key-4", "split-0", "split-1"]);
    expect(calls.map((call) => header(call, "moose-event-ids"))).toEqual([
      "0123456789abcdef;0-3",
      "0123456789abcdef;0-1",
      "0123456789abcdef;2-3",
    ]);
    expect(delivery.counts).toMatchObject({ sent: 4, bytes: 0, events: 0 });
    expect(delivery.isSettled(mark)).toBe(true);
  });

  it("reports the rows that the server refused, with their text", async () => {
    const { delivery, calls, rejected } = setUp();
    delivery.enqueue(batchOf(3));
    const error = { row: 1, path: "/n", code: "wrong_type", expected: "a string", got: "1" };
    const reply = { accepted: 2, rejected: 1, duplicates: 0, errors: [error], errorsTruncated: false };
    await calls[0]!.answer(Response.json(reply, { status: 207 }));
    expect(rejected).toEqual([
      { model: "Flight", rejected: 1, rows: [{ text: '{"n":1}', errors: [error] }], requestId: undefined },
    ]);
    expect(delivery.counts).toMatchObject({ sent: 2, rejected: 1 });
  });

  it("gives up what is left when it ends, and leaves no timer", async () => {
    const { delivery, calls, clock, errors } = setUp({ concurrency: 1 });
    delivery.enqueue(batchOf(1));
    delivery.enqueue(batchOf(2));
    await calls[0]!.fail();
    delivery.end();
    await settled();
    expect(calls.length).toBe(1);
    expect(errors.map((error) => error.events).sort()).toEqual([1, 2]);
    expect(clock.pendingMs).toEqual([]);
    expect(delivery.counts.events).toBe(0);
  });
});

describe("Delivery when the page goes", () => {
  it("never has more keepalive bytes on the way than the quota, cuts to fit, and keeps the rest", async () => {
    const { delivery, calls } = setUp({ concurrency: 1 });
    delivery.enqueue(batchOf(1, "under-way"));
    delivery.enqueue(batchOf(9, "nine"));
    delivery.enqueue(batchOf(9, "nine more"));
    delivery.sendKeepalive(false);
    const keepalive = calls.filter((call) => call.init.keepalive);
    const bytes = keepalive.reduce((sum, call) => sum + (call.init.body as Uint8Array).length, 0);
    expect(bytes).toBeLessThanOrEqual(100);
    expect(bytes).toBeGreaterThan(90);
    expect(keepalive.map((call) => header(call, "idempotency-key"))).toEqual(["nine", "split-0"]);
    for (let answered = 0; answered < calls.length; answered++) {
      await calls[answered]!.answer(accepted(textOf(calls[answered]!.init.body).split("\n").length - 1));
    }
    expect(delivery.counts).toMatchObject({ sent: 19, events: 0 });
  });

  it("sends what is under way once more under the same key, since a plain request dies with the page", async () => {
    const { delivery, calls } = setUp();
    delivery.enqueue(batchOf(2));
    delivery.sendKeepalive(true);
    expect(calls.map((call) => [header(call, "idempotency-key"), call.init.keepalive ?? false])).toEqual([
      ["key-2", false],
      ["key-2", true],
    ]);
  });

  it("gives its part of the quota back", async () => {
    const quota = new KeepaliveQuota(100);
    const { delivery, calls } = setUp({ quota, concurrency: 0 });
    delivery.enqueue(batchOf(5));
    delivery.sendKeepalive(false);
    expect(quota.freeBytes).toBe(60);
    await calls[0]!.answer(accepted(5));
    expect(quota.freeBytes).toBe(100);
  });
});
