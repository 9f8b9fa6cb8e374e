// The conformance set that every ingest SDK runs (sdks/conformance): this one's part of it.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { joinChunks } from "../batch.ts";
import { uuidV7 } from "../batch-key.ts";
import { mergePositions } from "../merge-positions.ts";
import { postBatch } from "../post-batch.ts";
import type { ChunkSize } from "../queue/event-queue.ts";
import { chunksToShed } from "../queue/shed-policy.ts";
import { actionAfter, parseRetryAfterMs, type RetryPolicy, retryDelayMs } from "../retry-policy.ts";
import { bodyOf, play, type Reply, type Step } from "./test-conformance-run.ts";

type Rows = readonly object[];
const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../../conformance/${name}.json`, import.meta.url), "utf8")) as T;
const named = <T extends { readonly name: string }>(cases: readonly T[]): [string, T][] =>
  cases.map((each) => [each.name, each]);

describe("batching", () => {
  const { cases, shedding } = read<{
    cases: { name: string; settings?: object; steps: Step[]; requests: { path: string; ids: string; rows: Rows }[] }[];
    shedding: {
      name: string;
      shedFirst: string[];
      chunks: (Omit<ChunkSize, "events"> & { underWay?: boolean })[];
      maxBytes: number;
      moreBytes: number;
      shed: number[] | null;
    }[];
  }>("batching");
  it.each(named(cases))("%s", async (_, { settings, steps, requests }) => {
    const played = await play(steps, settings);
    expect(played.requests.map(({ path, ids, body }) => ({ path, ids, body }))).toEqual(
      requests.map(({ path, ids, rows }) => ({ path, ids, body: bodyOf(rows) })),
    );
    expect(played.failures.length).toBe(steps.filter((step) => step.fails).length);
  });
  it.each(named(shedding))("sheds: %s", (_, { shed, ...question }) => {
    const chunks = question.chunks.map((chunk) => ({ ...chunk, events: 1 }));
    expect(chunksToShed({ ...question, chunks }) ?? null).toEqual(shed);
  });
});

describe("retry", () => {
  type Headers = Record<string, string>;
  const { actions, retryAfter, delays } = read<{
    actions: { status: number | null; headers?: Headers; action: string }[];
    retryAfter: { headers: Headers; nowMs: number; retryAfterMs: number | null }[];
    delays: {
      policy: Omit<RetryPolicy, "giveUpAfterMs">;
      attempts: number;
      retryAfterMs: number | null;
      random: number;
      delayMs: number;
    }[];
  }>("retry");
  const headersOf = (headers: Headers = {}) => new Map(Object.entries(headers)) as unknown as { get(): string | null };
  it.each(actions)("does after $status $headers: $action", ({ status, headers, action }) => {
    expect(actionAfter({ ...(status !== null && { status }), headers: headersOf(headers) })).toBe(action);
  });
  it.each(retryAfter)("reads $headers at $nowMs", ({ headers, nowMs, retryAfterMs }) => {
    expect(parseRetryAfterMs(headersOf(headers), nowMs) ?? null).toBe(retryAfterMs);
  });
  it.each(delays)(
    "waits $delayMs ms after attempt $attempts",
    ({ policy, attempts, retryAfterMs, random, delayMs }) => {
      const whole = { ...policy, giveUpAfterMs: 0 };
      expect(retryDelayMs(whole, attempts, retryAfterMs ?? undefined, () => random)).toBe(delayMs);
    },
  );
});

describe("errors", () => {
  const { cases } = read<{
    cases: { name: string; settings?: object; call: Step; error: { code: string; errors?: object[] } }[];
  }>("errors");
  it.each(named(cases))("%s", async (_, { settings, call, error }) => {
    const played = await play([{ ...call, fails: error.code }, { flush: true }], settings);
    expect(played.failures).toMatchObject([error]);
    expect(played.requests).toEqual([]);
    if (error.errors) expect((played.failures[0] as { errors: object[] }).errors).toEqual(error.errors);
  });
});

describe("wire", () => {
  const wire = read<{
    requests: {
      name: string;
      batch: { model: string; version: string; producer: string; key: string; ids: [number, number][]; rows: Rows };
      compression: "gzip" | "none";
      request: { path: string; headers: object; body: string; contentBytes: number };
    }[];
    keys: { nowMs: number; random: string; key: string }[];
    positions: { first: string | null; second: string; merged: string }[];
    replies: { name: string; status: number; body: string; kind: string }[];
  }>("wire");
  it.each(named(wire.requests))("sends %s", async (_, { batch, compression, request }) => {
    const { model, version, producer, key, ids, rows } = batch;
    let at = 0;
    const chunks = ids.map(([firstId, last], index) => {
      const events = last - firstId + 1;
      const body = new TextEncoder().encode(bodyOf(rows.slice(at, at + events)));
      at += events;
      return { key: index + 1, model, version, producer, firstId, events, body };
    });
    const seen: { url: string; init: RequestInit }[] = [];
    await postBatch(joinChunks(chunks, key, 0), {
      baseUrl: "http://moose",
      headers: {},
      compression,
      onAttempt: undefined,
      fetch: async (url, init) => {
        seen.push({ url, init });
        return new Response("");
      },
    });
    const [{ url, init } = { url: "", init: {} }] = seen;
    expect(url).toBe(`http://moose${request.path}`);
    expect(init.method).toBe("POST");
    expect(init.headers).toEqual(request.headers);
    const bytes = init.body as Uint8Array;
    const body = "content-encoding" in request.headers ? gunzipSync(bytes) : bytes;
    expect(new TextDecoder().decode(body)).toBe(request.body);
    expect(body.length).toBe(request.contentBytes);
  });
  it.each(wire.keys)("makes the key $key", ({ nowMs, random, key }) => {
    expect(uuidV7(nowMs, Uint8Array.from(Buffer.from(random, "hex")))).toBe(key);
  });
  it.each(wire.positions)("joins $first and $second", ({ first, second, merged }) => {
    expect(mergePositions(first ?? undefined, second)).toBe(merged);
  });
  it.each(named(wire.replies))("reads a reply: %s", async (_, { status, body, kind }) => {
    const chunk = {
      key: 1,
      model: "Click",
      version: "1.0",
      producer: "p",
      firstId: 0,
      events: 1,
      body: new Uint8Array(1),
    };
    const outcome = await postBatch(joinChunks([chunk], "key", 0), {
      baseUrl: "http://moose",
      headers: {},
      compression: "none",
      onAttempt: undefined,
      fetch: async () => new Response(body, { status }),
    });
    expect(outcome.kind).toBe(kind);
  });
});

describe("exchange", () => {
  const { cases } = read<{
    cases: {
      name: string;
      settings?: object;
      steps: Step[];
      replies: Reply[];
      requests: { atMs: number; key: string; ids: string; rows: Rows; path?: string }[];
      metrics: Record<string, number>;
      errors?: object[];
      rejected?: object[];
    }[];
  }>("exchange");
  it.each(named(cases))(
    "%s",
    async (_, { settings, steps, replies, requests, metrics, errors = [], rejected = [] }) => {
      const played = await play(steps, settings, replies);
      const labels = new Map<string, string>();
      const labelOf = (key: string): string => {
        if (!labels.has(key)) labels.set(key, String.fromCharCode(65 + labels.size));
        return labels.get(key)!;
      };
      expect(played.requests.map(({ key, ...seen }) => ({ ...seen, key: labelOf(key) }))).toEqual(
        requests.map(({ rows, path = "/ingest/Click/1.0", ...rest }) => ({ ...rest, path, body: bodyOf(rows) })),
      );
      expect(played.metrics).toMatchObject(metrics);
      expect(played.errors).toMatchObject(errors);
      expect(played.errors.length).toBe(errors.length);
      expect(played.rejected).toMatchObject(rejected);
      expect(played.rejected.length).toBe(rejected.length);
    },
  );
});
