// Events are stored durably or refused whole: with the real core and the real log, and a log whose disk is full.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Core, createCore, model, modelSpec, t } from "@moose/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLmdbStreamLog } from "../adapters/lmdb/lmdb-stream-log.ts";
import { MooseError } from "../model/errors.ts";
import { decodePosition } from "../model/position.ts";
import type { Catalog, CatalogModel } from "../ports/catalog.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import { silentLog } from "../telemetry/log.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { type AcceptRequest, createAcceptEvents } from "./accept-events.ts";

const spec = modelSpec(model("Flight", { origin: t.string(), delay: t.int16() }, { version: "1.0" }));
const STREAM = "Flight.1.0";
let folder: string;
let core: Core;
let stream: StreamLog;
let catalog: Catalog;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "moose-accept-"));
  core = await createCore();
  stream = await openLmdbStreamLog({ path: join(folder, "log"), log: silentLog });
  const flight: CatalogModel = { core: core.load(spec), stream: STREAM, table: "Flight" };
  catalog = {
    state: { revision: 1, models: new Map([["Flight", flight]]), aggregations: new Map() },
    model: (name, version) => (name === "Flight" && (version ?? "1.0") === "1.0" ? flight : undefined),
    coreFor: () => flight.core,
    onChange: () => () => {},
  };
});
afterAll(async () => {
  await stream.close();
  rmSync(folder, { recursive: true, force: true });
});

const limits = () => ({ maxInputBytes: core.maxInputBytes });
const request = (body: string, more: Partial<AcceptRequest> = {}): AcceptRequest => ({
  model: "Flight",
  body: Buffer.from(body),
  format: "json",
  mode: "partial",
  ...more,
});
const row = '{"origin":"LAX","delay":1}';

describe("acceptEvents", () => {
  it("answers with a position that includes what was stored, and keeps the schema beside it", async () => {
    const metrics = createMetrics();
    const accept = createAcceptEvents({ catalog, stream, limits: limits(), metrics });
    const reply = await accept(request(`[${row},${row},{"origin":1}]`));
    expect(reply).toMatchObject({ status: 207, accepted: 2, rejected: 1, duplicates: 0 });
    expect(decodePosition(reply.position)).toEqual(new Map([[STREAM, [stream.endOffset(STREAM, 0)]]]));
    expect(JSON.parse(stream.schema(catalog.model("Flight")!.core.schemaId)!)).toEqual(spec);
    const text = await metrics.text();
    expect(text).toContain('moose_ingest_events_accepted_total{model="Flight"} 2');
    expect(text).toContain('moose_ingest_events_rejected_total{model="Flight"} 1');
    expect(text).toContain(`moose_stream_rows_total{stream="${STREAM}"} 2`);
  });

  it("keeps each of many requests at the same time apart", async () => {
    const accept = createAcceptEvents({ catalog, stream, limits: limits() });
    const before = stream.endOffset(STREAM, 0);
    const replies = await Promise.all(
      Array.from({ length: 500 }, (_, delay) => accept(request(`{"origin":"LAX","delay":${delay}}`))),
    );
    expect(stream.endOffset(STREAM, 0)).toBe(before + 500);
    expect(new Set(replies.map((reply) => reply.position)).size).toBe(500);
  });

  it("sheds load over its bytes in flight, and takes more when they are done", async () => {
    const accept = createAcceptEvents({ catalog, stream, limits: { ...limits(), maxBytesInFlight: row.length * 2 } });
    const all = await Promise.allSettled([1, 2, 3].map(() => accept(request(row))));
    expect(all.map((one) => one.status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect((all[2] as PromiseRejectedResult).reason).toMatchObject({ code: "overloaded", retryAfterSeconds: 1 });
    expect((await accept(request(row))).status).toBe(200);
  });

  it("acknowledges nothing when the log cannot store it, and gives its bytes back", async () => {
    const full = new Proxy(stream, {
      get(target, name: keyof StreamLog) {
        if (name === "append") return () => Promise.reject(new MooseError("disk_full", "The disk is full."));
        return target[name]?.bind(target);
      },
    });
    const accept = createAcceptEvents({
      catalog,
      stream: full,
      limits: { ...limits(), maxBytesInFlight: row.length },
    });
    for (let time = 0; time < 3; time++) {
      await expect(accept(request(row))).rejects.toMatchObject({ code: "disk_full" });
    }
  });

  it("does not ignore an idempotency key that it cannot keep", async () => {
    const accept = createAcceptEvents({ catalog, stream, limits: limits() });
    const before = stream.endOffset(STREAM, 0);
    await expect(accept(request(row, { idempotencyKey: "k" }))).rejects.toMatchObject({ code: "invalid_parameter" });
    expect(stream.endOffset(STREAM, 0)).toBe(before);
  });

  it("says what the project has instead of an unknown model or version", async () => {
    const accept = createAcceptEvents({ catalog, stream, limits: limits() });
    await expect(accept(request(row, { model: "Fligh" }))).rejects.toThrow("The project has: Flight.");
    await expect(accept(request(row, { version: "2.0" }))).rejects.toThrow("Its newest version is 1.0.");
  });
});
