// The consumption SDK against the whole server: typed answers, and live states and events that survive cut connections and restarts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Consumption, createConsumption, isConsumptionError, type LiveUpdate } from "@moose/consumption";
import { aggregation, aggregationSpec, avg, count, max, model, modelSpec, t, time } from "@moose/core";
import { createIngest, memoryQueue } from "@moose/ingest";
import { fileQueue } from "@moose/ingest/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type App, startApp } from "../../server/src/app/app.ts";
import { withDefaults } from "../../server/src/model/config.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
import { CuttableLink } from "./cuttable-link.ts";

const Flight = model("Flight", {
  seenAt: t.dateTime64(3).key(),
  origin: t.string().lowCardinality(),
  serial: t.uint64(),
  delay: t.int16(),
  carrier: t.string().default("unknown"),
});
const FlightsByMinute = aggregation("FlightsByMinute", {
  from: Flight,
  dimensions: { minute: time("seenAt", "minute"), origin: "origin" },
  measures: { flights: count(), averageDelay: avg("delay"), lastSerial: max("serial") },
});
const manifest = { models: [modelSpec(Flight)], aggregations: [aggregationSpec(FlightsByMinute)] };

let projectDir: string;
let app: App;
let link: CuttableLink;
let moose: Consumption;
let sent = 0;

async function start(): Promise<App> {
  const config = withDefaults({ http: { port: 0 }, clickhouse: { port: 0 } });
  return startApp({ config, manifest, projectDir, log: silentLog });
}
const portOf = (running: App) => Number(new URL(running.urls.api).port);

beforeAll(async () => {
  projectDir = mkdtempSync(join(tmpdir(), "moose-reading-"));
  app = await start();
});
afterAll(async () => {
  await app?.stop();
  rmSync(projectDir, { recursive: true, force: true });
});
beforeEach(async () => {
  link = await CuttableLink.to(portOf(app));
  moose = createConsumption({ url: link.url, maxReconnectMs: 50, idleSocketMs: 50 });
});
afterEach(async () => {
  await moose.close();
  await link.close();
});

const origins = ["LAX", "JFK", "SFO", "ORD"];

/** Sends events whose serials count up over the whole file; resolves with the acknowledgement's position. */
async function ingest(events: number): Promise<string> {
  const rows = Array.from({ length: events }, () => {
    const serial = sent++;
    const seenAt = new Date(Date.UTC(2026, 0, 1, 0, Math.floor(serial / 50), serial % 50)).toISOString();
    return JSON.stringify({ seenAt, origin: origins[serial % 4], serial: String(serial), delay: serial % 60 });
  });
  const reply = await fetch(`${app.urls.api}/ingest/Flight`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: rows.join("\n"),
  });
  expect(reply.status).toBe(200);
  return ((await reply.json()) as { position: string }).position;
}

async function caught(run: () => Promise<unknown>) {
  try {
    await run();
  } catch (error) {
    if (isConsumptionError(error)) return error;
    throw error;
  }
  throw new Error("it succeeded");
}

const text = (value: unknown) => JSON.stringify(value, (_, each) => (typeof each === "bigint" ? `${each}n` : each));

async function until(holds: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not so within ${limitMs} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("query", () => {
  it("answers what was acknowledged, typed", async () => {
    const after = await ingest(100);
    const { rows, columns } = await moose.query(
      FlightsByMinute,
      { dimensions: ["origin"], measures: ["flights", "lastSerial"], filters: { origin: { in: ["LAX", "JFK"] } } },
      { after },
    );
    const expected = [1, 0].map((offset) => {
      const mine = Array.from({ length: sent }, (_, serial) => serial).filter((serial) => serial % 4 === offset);
      return { origin: origins[offset]!, flights: BigInt(mine.length), lastSerial: BigInt(mine.at(-1)!) };
    });
    expect(rows).toEqual(expected);
    expect(columns.map((column) => column.name)).toEqual(["origin", "flights", "lastSerial"]);
  });

  it.each([
    ["memory", () => memoryQueue()],
    ["a file", () => fileQueue(join(projectDir, "events"))],
  ])("sees all that the ingest SDK has flushed out of %s", async (_, queue) => {
    // Many small batches at the same time: the position covers all of them.
    const writer = createIngest({
      url: link.url,
      models: [Flight],
      queue: queue(),
      maxBatchEvents: 3,
      maxBatchAgeMs: 0,
    });
    for (let n = 0; n < 20; n++) {
      const serial = sent++;
      await writer.send(Flight, { seenAt: new Date(), origin: origins[serial % 4]!, serial: BigInt(serial), delay: 1 });
    }
    const { position } = await writer.flush();
    const all = { dimensions: [], measures: ["flights"] } as const;
    const { rows } = await moose.query(FlightsByMinute, all, { after: position! });
    expect(rows).toEqual([{ flights: BigInt(sent) }]);
    await writer.close();
  });

  it("fails with the server's code, sentence and request id", async () => {
    const unknown = await caught(() => moose.query("Nope"));
    expect(unknown).toMatchObject({ code: "unknown_query", status: 404, retryable: false });
    expect(unknown.requestId).toBeTruthy();
    const invalid = await caught(() => moose.query("FlightsByMinute", { dimensions: ["nope"] }));
    expect(invalid).toMatchObject({ code: "invalid_query", status: 400 });
    expect(invalid.message).toContain("minute, origin");
  });
});

describe("live", () => {
  it("shows the query's answer, and its rows are always what snapshot and changes add up to", async () => {
    await ingest(40);
    const live = moose.live(FlightsByMinute, { dimensions: ["origin"], measures: ["flights", "lastSerial"] });
    const shown = new Map<string, unknown>();
    let last: LiveUpdate<{ origin: string; flights: bigint; lastSerial: bigint }> | undefined;
    const reading = (async () => {
      for await (const update of live) {
        if (update.type === "snapshot") shown.clear();
        for (const row of update.remove) shown.delete(row.origin!);
        for (const row of update.upsert) shown.set(row.origin, row);
        const sorted = [...shown.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
        expect(text(update.rows)).toBe(text(sorted));
        last = update;
      }
    })();
    for (let round = 0; round < 10; round++) {
      const after = await ingest(7);
      if (round === 4 || round === 7) link.cut();
      if (round % 3 === 0) {
        const { rows } = await moose.query(
          FlightsByMinute,
          { dimensions: ["origin"], measures: ["flights", "lastSerial"] },
          { after },
        );
        await until(() => text(last?.rows) === text(rows));
      }
    }
    const { rows } = await moose.query(
      FlightsByMinute,
      { dimensions: ["origin"], measures: ["flights", "lastSerial"] },
      { after: await ingest(3) },
    );
    await until(() => text(last?.rows) === text(rows) && last?.status === "live");
    await live.close();
    await reading;
  });

  it("gives a reader that is slow one merged update", async () => {
    await ingest(4);
    const live = moose.live(FlightsByMinute, { dimensions: [], measures: ["flights"] });
    const iterator = live[Symbol.asyncIterator]();
    const first = (await iterator.next()).value!;
    expect(first.type).toBe("snapshot");
    for (let round = 0; round < 5; round++) {
      const after = await ingest(2);
      await moose.query(FlightsByMinute, { dimensions: [], measures: ["flights"] }, { after });
    }
    const total = BigInt(sent);
    let steps = 0;
    let rows = first.rows;
    while (rows[0]?.flights !== total) {
      rows = (await iterator.next()).value!.rows;
      steps++;
    }
    expect(steps).toBeLessThanOrEqual(3);
    await live.close();
    expect((await iterator.next()).done).toBe(true);
  });

  it("uses one socket for all, and closes it when nobody is left", async () => {
    const controllers = Array.from({ length: 8 }, () => new AbortController());
    const readings = controllers.map(async ({ signal }, index) => {
      const live = moose.live(FlightsByMinute, { dimensions: ["origin"], limit: index + 1 }, { signal });
      for await (const update of live) if (update.type === "snapshot") return update.rows.length;
      return 0;
    });
    expect(await Promise.all(readings)).toEqual([1, 2, 3, 4, 4, 4, 4, 4]);
    expect(link.opened).toBe(1);
    await until(() => link.open === 0);
  });

  it("ends with the server's reason when the query makes no sense, and with the caller's when aborted", async () => {
    const refused = await caught(async () => {
      for await (const _ of moose.live("FlightsByMinute", { measures: ["nope"] }));
    });
    expect(refused).toMatchObject({ code: "invalid_query", retryable: false });
    const controller = new AbortController();
    const aborted = await caught(async () => {
      for await (const _ of moose.live(FlightsByMinute, {}, { signal: controller.signal })) controller.abort();
    });
    expect(aborted.code).toBe("aborted");
  });

  it("says that it reconnects while the server is away, and shows the truth when it is back", async () => {
    const live = moose.live(FlightsByMinute, { dimensions: [], measures: ["flights"] });
    const seen: string[] = [];
    let flights = 0n;
    const reading = (async () => {
      for await (const update of live) {
        seen.push(`${update.type} ${update.status}`);
        flights = update.rows[0]?.flights ?? 0n;
      }
    })();
    await until(() => flights === BigInt(sent));
    link.down();
    await app.stop();
    await until(() => live.status === "reconnecting");
    expect(seen).toContain("status reconnecting");
    app = await start();
    await ingest(5);
    link.up(portOf(app));
    await until(() => flights === BigInt(sent) && live.status === "live");
    await live.close();
    await reading;
  });
});

describe("subscribeEvents", () => {
  it("gives every event once, in the order of its partition, through cuts and a restart, typed", async () => {
    const begin = sent;
    const got: bigint[] = [];
    let ready = false;
    const events = moose.subscribeEvents(Flight, {
      maxBuffered: 20,
      onStatus: (status) => {
        ready ||= status === "live";
      },
    });
    const reading = (async () => {
      for await (const { value } of events) {
        expect(value.carrier).toBe("unknown");
        got.push(value.serial);
      }
    })();
    await until(() => ready);
    for (let round = 0; round < 12; round++) {
      await ingest(25);
      if (round % 3 === 1) link.cut();
      if (round === 6) {
        link.down();
        await app.stop();
        app = await start();
        await ingest(10);
        link.up(portOf(app));
      }
    }
    await until(() => got.length >= sent - begin);
    const expected = Array.from({ length: sent - begin }, (_, index) => BigInt(begin + index));
    expect([...got].sort((a, b) => (a < b ? -1 : 1))).toEqual(expected);
    await events.close();
    await reading;
  });

  it("continues behind a position that was kept", async () => {
    const events = moose.subscribeEvents(Flight);
    const iterator = events[Symbol.asyncIterator]();
    const next = iterator.next();
    await until(() => events.status === "live");
    await ingest(5);
    const first = (await next).value!;
    let position = first.position;
    for (let n = 0; n < 4; n++) position = (await iterator.next()).value!.position;
    await events.close();
    const from = sent;
    await ingest(3);
    const got: bigint[] = [];
    for await (const { value } of moose.subscribeEvents(Flight, { after: position })) {
      got.push(value.serial);
      if (got.length === 3) break;
    }
    expect(got).toEqual([from, from + 1, from + 2].map(BigInt));
  });

  it("fails when there is no such model", async () => {
    const error = await caught(async () => {
      for await (const _ of moose.subscribeEvents("Nope"));
    });
    expect(error).toMatchObject({ code: "unknown_stream", status: 404 });
  });
});
