// The ingest SDK against the real HTTP server, core and log: what it says was sent is what the log holds.
import { model, modelSpec, t } from "@moose/core";
import {
  createIngest,
  type IngestDeliveryError,
  type IngestValidationError,
  isIngestError,
  type RejectedRows,
} from "@moose/ingest";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodePosition } from "../../server/src/model/position.ts";
import { type IngestServer, startIngestServer } from "../bodies/start-ingest-server.ts";

const Click = model("Click", {
  at: t.dateTime64(3).key(),
  page: t.string().max(20),
  count: t.int64().optional(),
});
const Sale = model("Sale", { at: t.dateTime64(3).key(), cents: t.int32() }, { version: "2.1" });
const models = [Click, Sale] as const;
const at = new Date("2026-01-01T12:00:00.123Z");
const click = (page: string) => ({ at, page });

const start = (maxBodyBytes = 1024 * 1024) =>
  startIngestServer({ models: models.map((each) => modelSpec(each)), maxBodyBytes });
const pagesIn = async (server: IngestServer) => (await server.rows("Click.1.0")).map((row) => JSON.parse(row).page);

let server: IngestServer;
beforeEach(async () => {
  server = await start();
});
afterEach(() => server.close());

describe("what was sent is stored", () => {
  it("sends events of several models, each to its version, dates and bigints with all their digits", async () => {
    const ingest = createIngest({ url: `${server.url}/`, models });
    await ingest.send(Click, { at, page: "é☃😀", count: 9223372036854775807n });
    await ingest.sendMany("Sale", [{ at, cents: -5 }]);
    const { position } = await ingest.flush();
    expect(await server.rows("Click.1.0")).toEqual([
      '{"at":"2026-01-01T12:00:00.123Z","page":"é☃😀","count":"9223372036854775807"}',
    ]);
    expect(await server.rows("Sale.2.1")).toEqual(['{"at":"2026-01-01T12:00:00.123Z","cents":-5}']);
    expect(decodePosition(position!)).toEqual(
      new Map([
        ["Click.1.0", [1]],
        ["Sale.2.1", [1]],
      ]),
    );
    await ingest.close();
  });

  it("delivers without a flush once a batch is old enough", async () => {
    await using ingest = createIngest({ url: server.url, models, maxBatchAgeMs: 5 });
    await ingest.send(Click, click("a"));
    await expect.poll(() => ingest.metrics.sentEvents, { timeout: 10_000 }).toBe(1);
    expect(await pagesIn(server)).toEqual(["a"]);
  });

  it("cuts batches by count and by bytes, and loses and doubles nothing in any size of call", async () => {
    const bodies: number[] = [];
    const ingest = createIngest({
      url: server.url,
      models,
      maxBatchEvents: 7,
      maxBatchBytes: 300,
      concurrency: 1,
      fetch: (url, init) => {
        bodies.push((init.body as Uint8Array).length);
        return fetch(url, init);
      },
    });
    const pages = Array.from({ length: 200 }, (_, n) => `page ${n} ${"x".repeat(n % 9)}`);
    for (let n = 0, size = 1; n < pages.length; n += size, size = (size * 3) % 23) {
      const some = pages.slice(n, n + size).map(click);
      if (some.length === 1) await ingest.send(Click, some[0]!);
      else await ingest.sendMany(Click, some);
    }
    await ingest.close();
    expect(await pagesIn(server)).toEqual(pages);
    expect(Math.max(...bodies)).toBeLessThanOrEqual(300);
    expect(ingest.metrics).toMatchObject({
      sentEvents: 200,
      queuedEvents: 0,
      queuedBytes: 0,
      lostEvents: 0,
      batchesUnderWay: 0,
    });
  });

  it("waits for room in a full queue, and takes everything in the end", async () => {
    const ingest = createIngest({ url: server.url, models, maxQueueBytes: 200, maxBatchEvents: 2, maxBatchAgeMs: 1 });
    const pages = Array.from({ length: 50 }, (_, n) => `p${n}`);
    await Promise.all(pages.map((page) => ingest.send(Click, click(page))));
    await ingest.close();
    expect((await pagesIn(server)).sort()).toEqual(pages.sort());
  });

  it("sends what was queued before the core was loaded and the client closed", async () => {
    const ingest = createIngest({ url: server.url, models });
    const sent = ingest.send(Click, click("early"));
    await ingest.close();
    await sent;
    expect(await pagesIn(server)).toEqual(["early"]);
  });
});

describe("what does not fit is refused before it is sent", () => {
  it("throws every violation, queues nothing of the call, and keeps what was queued before", async () => {
    await using ingest = createIngest({ url: server.url, models });
    await ingest.send(Click, click("good"));
    const bad = ingest.send(Click, { at: "yesterday", page: "x".repeat(21) });
    const error = (await bad.catch((reason) => reason)) as IngestValidationError;
    expect(isIngestError(error) && error.code).toBe("validation_failed");
    expect(error.errors.map(({ row, path, code }) => [row, path, code])).toEqual([
      [0, "/at", "invalid_format"],
      [0, "/page", "too_long"],
    ]);
    const many = ingest.sendMany(Click, [click("b"), click("c"), { at, page: 1 as never }]);
    await expect(many).rejects.toMatchObject({ errors: [{ row: 2, path: "/page", code: "wrong_type" }] });
    await ingest.flush();
    expect(await pagesIn(server)).toEqual(["good"]);
    expect(ingest.metrics).toMatchObject({ sentEvents: 1, rejectedEvents: 2 });
  });

  it("numbers rows by their place in the call, however large the call is", async () => {
    await using ingest = createIngest({ url: server.url, models, maxBatchBytes: 512 });
    const events = Array.from({ length: 500 }, (_, n) => click(`p${n}`));
    events[437] = click("y".repeat(30));
    await expect(ingest.sendMany(Click, events)).rejects.toMatchObject({ errors: [{ row: 437, code: "too_long" }] });
    await ingest.flush();
    expect(await server.rows("Click.1.0").catch(() => [])).toEqual([]);
  });

  it("names a model that it does not know, an event that is too large, and a client that is closed", async () => {
    const ingest = createIngest({ url: server.url, models, maxBatchBytes: 60 });
    await expect(ingest.send("Clik" as "Click", click("a"))).rejects.toMatchObject({ code: "unknown_model" });
    await expect(ingest.send(Click, click("12345678901234567890"))).rejects.toMatchObject({ code: "event_too_large" });
    await ingest.close();
    await ingest.close();
    await expect(ingest.send(Click, click("a"))).rejects.toMatchObject({ code: "closed" });
    expect(ingest.metrics.queuedBytes).toBe(0);
  });
});

describe("when the way to the server is bad", () => {
  const retry = { firstDelayMs: 1, maxDelayMs: 5 };

  it("stores a batch once although every reply to it was lost at first", async () => {
    let lost = 0;
    await using ingest = createIngest({
      url: server.url,
      models,
      retry,
      fetch: async (url, init) => {
        const reply = await fetch(url, init);
        if (lost++ < 3) throw new TypeError(`reply ${reply.status} was lost`);
        return reply;
      },
    });
    await ingest.sendMany(Click, [click("a"), click("b")]);
    await ingest.flush();
    expect(await pagesIn(server)).toEqual(["a", "b"]);
    expect(ingest.metrics).toMatchObject({ sentEvents: 2, retries: 3 });
  });

  it("goes on when the server is gone for a while", async () => {
    const gone = await start();
    let url = gone.url;
    await gone.close();
    await using ingest = createIngest({
      url: "http://moose",
      models,
      retry,
      fetch: (to, init) => fetch(to.replace("http://moose", url), init),
    });
    await ingest.send(Click, click("patient"));
    await expect.poll(() => ingest.metrics.retries, { timeout: 10_000 }).toBeGreaterThan(2);
    url = server.url;
    await ingest.flush();
    expect(await pagesIn(server)).toEqual(["patient"]);
  });

  it("cuts what the server finds too large", async () => {
    const small = await start(400);
    try {
      await using ingest = createIngest({ url: small.url, models });
      const pages = Array.from({ length: 60 }, (_, n) => `p${n}`);
      await ingest.sendMany(Click, pages.map(click));
      await ingest.flush();
      expect((await pagesIn(small)).sort()).toEqual(pages.sort());
    } finally {
      await small.close();
    }
  });

  it("tells rows that the server refuses, with their text", async () => {
    const Newer = model("Click", { at: t.dateTime64(3).key(), page: t.string() });
    const refused: RejectedRows[] = [];
    await using ingest = createIngest({ url: server.url, models: [Newer], onRejected: (rows) => refused.push(rows) });
    await ingest.sendMany(Newer, [click("fits"), click("z".repeat(21))]);
    await ingest.flush();
    expect(refused).toMatchObject([
      { model: "Click", rejected: 1, rows: [{ errors: [{ row: 1, code: "too_long" }] }] },
    ]);
    expect(refused[0]?.rows[0]?.text).toContain('"page":"zzz');
    expect(await pagesIn(server)).toEqual(["fits"]);

    await ingest.send(Newer, click("z".repeat(22)));
    await ingest.flush();
    expect(ingest.metrics).toMatchObject({ sentEvents: 1, rejectedEvents: 2, lostEvents: 0 });
  });

  it("hands over a batch of a model that the server does not have", async () => {
    const Unknown = model("Unknown", { at: t.dateTime64(3).key() });
    const errors: IngestDeliveryError[] = [];
    await using ingest = createIngest({ url: server.url, models: [Unknown], onError: (error) => errors.push(error) });
    await ingest.send(Unknown, { at });
    await ingest.flush();
    expect(errors).toMatchObject([{ code: "delivery_refused", status: 404, problemCode: "unknown_model", events: 1 }]);
    expect(errors[0]?.requestId).toBeTruthy();
    expect(new TextDecoder().decode(errors[0]?.ndjson)).toBe('{"at":"2026-01-01T12:00:00.123Z"}\n');
  });

  it("ends a flush and a close at their limit, and says what was not stored", async () => {
    const errors: IngestDeliveryError[] = [];
    const ingest = createIngest({
      url: server.url,
      models,
      onError: (error) => errors.push(error),
      fetch: (_url, init) =>
        new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
    });
    await ingest.send(Click, click("stuck"));
    await expect(ingest.flush({ timeoutMs: 20 })).rejects.toMatchObject({ code: "timed_out" });
    await expect(ingest.flush({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
    await expect(ingest.close({ timeoutMs: 20 })).rejects.toMatchObject({ code: "timed_out" });
    await expect.poll(() => errors.map((error) => error.events), { timeout: 5000 }).toEqual([1]);
  });
});
