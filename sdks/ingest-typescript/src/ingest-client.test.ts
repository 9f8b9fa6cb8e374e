// A client with real models and core, against a server that answers each request as it is told to.
import { createCore, modelSpec } from "@moose/core";
import { describe, expect, it } from "vitest";
import { Click, Sale } from "./conformance/test-conformance-models.ts";
import { createIngest } from "./create-ingest.ts";
import type { IngestSettings } from "./options.ts";
import type { PageLifecycle, PageMoment } from "./page-lifecycle.ts";
import { FileQueue } from "./queue/file-queue.ts";
import { MemoryQueue } from "./queue/memory-queue.ts";
import { alone, type PeerHandlers } from "./queue/queue-peers.ts";
import { ManualClock } from "./test-manual-clock.ts";

const at = "2026-01-01T00:00:00Z";
const click = (page: string) => ({ at, page });

/** Everything that is due without time passing has run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** A queue that several clients share, as tabs share IndexedDB. */
class SharedQueue extends MemoryQueue {
  override readonly isDurable = true;
  override readonly sharedName = "shared";
}

/** A server that holds what it was sent; `isUp` is its network. */
class Server {
  isUp = true;
  readonly pages: string[] = [];
  readonly keepalive: boolean[] = [];
  readonly fetch = async (_url: string, init: RequestInit): Promise<Response> => {
    if (!this.isUp) throw new TypeError("fetch failed");
    const rows = new TextDecoder()
      .decode(init.body as Uint8Array)
      .trim()
      .split("\n");
    for (const row of rows) this.pages.push((JSON.parse(row) as { page: string }).page);
    this.keepalive.push(init.keepalive ?? false);
    return Response.json({ accepted: rows.length, rejected: 0, duplicates: 0, errors: [], errorsTruncated: false });
  };
}

function setUp(settings: Partial<IngestSettings> = {}) {
  const server = new Server();
  const clock = new ManualClock(0);
  let tell: (moment: PageMoment) => void = () => {};
  const page: PageLifecycle = {
    watch(listener) {
      tell = listener;
      return () => {};
    },
  };
  const base = {
    url: "http://moose",
    clock,
    random: () => 0.5,
    compression: "none",
    fetch: server.fetch,
    page,
  } as const;
  const ingest = createIngest({ ...base, ...settings, models: [Click, Sale] });
  return { server, clock, ingest, tell: (moment: PageMoment) => tell(moment), base };
}

describe("consent", () => {
  it("holds events in memory until it is granted, then sends all of them", async () => {
    const queue = new MemoryQueue();
    const { ingest, server } = setUp({ consent: "pending", queue: () => queue });
    await ingest.sendMany(Click, [click("a"), click("b")]);
    await ingest.flush();
    expect([server.pages, queue.size.events, ingest.metrics.queuedEvents]).toEqual([[], 0, 2]);
    await ingest.setConsent("granted");
    await ingest.send(Click, click("c"));
    await ingest.flush();
    expect(server.pages).toEqual(["a", "b", "c"]);
  });

  it("erases what waits when it is denied, takes nothing more, and counts all of it", async () => {
    const queue = new MemoryQueue();
    const { ingest, server } = setUp({ queue: () => queue });
    server.isUp = false;
    await ingest.send(Click, click("a"));
    await settled();
    await ingest.setConsent("denied");
    await ingest.send(Click, click("b"));
    server.isUp = true;
    await ingest.close();
    expect(server.pages).toEqual([]);
    expect(ingest.metrics).toMatchObject({ queuedEvents: 0, withheldEvents: 2, sentEvents: 0, lostEvents: 0 });
  });

  it("goes on when it is granted after it was denied", async () => {
    const { ingest, server } = setUp({ consent: "denied" });
    await ingest.send(Click, click("a"));
    await ingest.setConsent("granted");
    await ingest.send(Click, click("b"));
    await ingest.close();
    expect(server.pages).toEqual(["b"]);
    expect(ingest.metrics.withheldEvents).toBe(1);
  });

  it("stops sending while it is taken back to pending", async () => {
    const { ingest, server } = setUp();
    await ingest.send(Click, click("a"));
    await ingest.flush();
    await ingest.setConsent("pending");
    await ingest.send(Click, click("b"));
    await ingest.flush().catch(() => {});
    expect(server.pages).toEqual(["a"]);
    await ingest.setConsent("granted");
    await ingest.flush();
    expect(server.pages).toEqual(["a", "b"]);
  });
});

describe("context, sampling and beforeSend", () => {
  it("make the event that is checked and sent", async () => {
    const { server, base } = setUp();
    const ingest = createIngest({
      ...base,
      models: [Click],
      context: { page: "/context", unknown: 1 },
      beforeSend: (event) => (event.count === 0 ? null : event),
    });
    // The context has the field: the type allows to leave it out.
    await ingest.send(Click, { at });
    await ingest.send(Click, { at, page: "/own" });
    await ingest.send(Click, { at, count: 0 });
    await ingest.close();
    expect(server.pages).toEqual(["/context", "/own"]);
    expect(ingest.metrics.droppedEvents).toBe(1);
  });
});

describe("models that were compiled before", () => {
  it("are checked as their sources are", async () => {
    const { server, base } = setUp();
    const core = await createCore();
    const { program, schemaId } = core.load(modelSpec(Click));
    const compiled = {
      name: "Click",
      version: "1.0",
      schemaId,
      program: Buffer.from(program).toString("base64"),
    } as const;
    const ingest = createIngest({ ...base, models: [compiled, Sale] });
    await ingest.send("Click", click("compiled"));
    await expect(ingest.send(compiled, { at, page: 1 })).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ path: "/page", code: "wrong_type" }],
    });
    await expect(ingest.send(Sale, { at, cents: "1.5" as never })).rejects.toMatchObject({ code: "validation_failed" });
    await ingest.close();
    expect(server.pages).toEqual(["compiled"]);
  });
});

describe("a queue that is full", () => {
  it("sheds the oldest and takes the newest, when that is asked for", async () => {
    const { ingest, server, clock } = setUp({
      whenFull: "shed",
      maxQueueBytes: 300,
      maxBatchEvents: 1,
      concurrency: 1,
    });
    server.isUp = false;
    for (let n = 0; n < 20; n++) {
      await ingest.send(Click, click(`p${n}`));
      await settled();
    }
    const { shedEvents, queuedEvents, queuedBytes } = ingest.metrics;
    expect(queuedBytes).toBeLessThanOrEqual(300);
    expect([shedEvents > 10, shedEvents + queuedEvents]).toEqual([true, 20]);
    server.isUp = true;
    const flushed = ingest.flush();
    clock.advance(30_000);
    await flushed;
    expect(server.pages.at(-1)).toBe("p19");
    expect(ingest.metrics).toMatchObject({ lostEvents: 0, queuedEvents: 0 });
  });

  it("says so at once when that is asked for", async () => {
    const { ingest, server } = setUp({ whenFull: "reject", maxQueueBytes: 100 });
    server.isUp = false;
    const sent = Array.from({ length: 10 }, (_, n) =>
      ingest.send(Click, click(`p${n}`)).then(
        () => "sent",
        (error: { code: string }) => error.code,
      ),
    );
    const told = new Set(await Promise.all(sent));
    expect(told).toEqual(new Set(["sent", "queue_full"]));
  });
});

describe("a queue that several clients share", () => {
  it("is sent by the elected one; a flush of another one waits for it, told or not", async () => {
    const queue = new SharedQueue();
    const peers: PeerHandlers[] = [];
    const joinPeers = (_name: string, handlers: PeerHandlers) => {
      peers.push(handlers);
      if (peers.length === 1) handlers.onElected();
      return { tell() {}, leave() {} };
    };
    const first = setUp({ queue: () => queue, joinPeers });
    await settled();
    const second = setUp({ queue: () => queue, joinPeers });
    await second.ingest.send(Click, click("follower"));
    const flushed = second.ingest.flush();
    await settled();
    // The message that there is something was lost: the elected one finds it when it looks next.
    peers[0]!.onMessage({ type: "hurry" });
    await settled();
    expect(first.server.pages).toEqual(["follower"]);
    expect(second.server.pages).toEqual([]);
    second.clock.advance(1000);
    await flushed;
    expect(second.ingest.metrics.queuedEvents).toBe(0);
  });
});

describe("a page that goes", () => {
  it("sends what is open so that it outlives the page", async () => {
    const { ingest, server, tell } = setUp();
    await ingest.send(Click, click("last"));
    tell("leaving");
    await settled();
    expect(server.pages).toEqual(["last"]);
    expect(server.keepalive).toEqual([true]);
  });

  it("closes no event into a batch twice when it is hidden and left", async () => {
    const { ingest, server, tell } = setUp();
    await ingest.send(Click, click("last"));
    tell("hidden");
    tell("leaving");
    await settled();
    tell("visible");
    await ingest.send(Click, click("back"));
    await ingest.flush();
    expect(server.pages).toEqual(["last", "back"]);
    expect(server.keepalive).toEqual([true, false]);
  });
});

describe("a durable queue", () => {
  it("is left alone by a close that cannot send, which then is no error", async () => {
    const queue = new SharedQueue();
    const { ingest, server, clock } = setUp({
      queue: () => queue,
      joinPeers: alone,
    });
    server.isUp = false;
    await ingest.send(Click, click("kept"));
    const closed = ingest.close({ timeoutMs: 1000 });
    await settled();
    for (let n = 0; n < 20; n++) {
      clock.advance(500);
      await settled();
    }
    await closed;
    expect(queue.size.events).toBe(1);
    expect(ingest.metrics.lostEvents).toBe(0);
  });

  it("that cannot be written fails the send, and the client lives on", async () => {
    const queue = new SharedQueue();
    let isBroken = true;
    const append = queue.append.bind(queue);
    Object.assign(queue, {
      append: (chunks: never) => (isBroken ? Promise.reject(new Error("the disk is full")) : append(chunks)),
    });
    const { ingest, server } = setUp({
      queue: () => queue,
      maxBatchAgeMs: 0,
      joinPeers: alone,
    });
    await expect(ingest.send(Click, click("a"))).rejects.toThrow("the disk is full");
    isBroken = false;
    await ingest.send(Click, click("b"));
    await ingest.flush();
    expect(server.pages).toEqual(["b"]);
  });

  it("that cannot be opened is told to whoever sends", async () => {
    const { ingest } = setUp({ queue: () => new FileQueue("/nowhere/at/all", false, () => 0) });
    await expect(ingest.send(Click, click("a"))).rejects.toMatchObject({ code: "queue_failed" });
  });
});
