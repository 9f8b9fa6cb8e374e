// Bad bodies get the status and the error that PROTOCOL names; good ones beside them are stored, and nothing else is.
import { gzipSync } from "node:zlib";
import { model, modelSpec, t } from "@moose/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exchangeRaw } from "../../server/src/http/test-raw-http.ts";
import { badBodies, good, MAX_BODY_BYTES } from "./bad-bodies.ts";
import { type IngestServer, startIngestServer } from "./start-ingest-server.ts";

const fields = {
  seenAt: t.dateTime64(3).key(),
  origin: t.string().lowCardinality(),
  destination: t.string().lowCardinality(),
  delay: t.int16(),
  distance: t.uint16(),
  tags: t.array(t.string()).optional(),
  carrier: t.string().default("unknown"),
};
const models = ["Flight", "FlightLeg"].map((name) => modelSpec(model(name, fields, { version: "1.0" })));
const STREAM = "Flight.1.0";

interface Answer {
  readonly code?: string;
  readonly requestId?: string;
  readonly accepted?: number;
  readonly rejected?: number;
  readonly errors?: readonly { row: number; path: string; code: string; expected: string; got: string }[];
  readonly position?: string;
}

let server: IngestServer;
beforeAll(async () => {
  server = await startIngestServer({ models, maxBodyBytes: MAX_BODY_BYTES });
});
afterAll(() => server.close());

const send = (
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  path = "/ingest/Flight",
  method = "POST",
) =>
  fetch(server.url + path, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(method === "GET" ? {} : { body: body as BodyInit }),
  });
const end = async (): Promise<number> => (await server.rows(STREAM)).length;

describe("bad bodies", () => {
  beforeAll(async () => {
    expect((await send(JSON.stringify(good))).status).toBe(200);
  });

  it("are of at least forty kinds", () => expect(badBodies.length).toBeGreaterThanOrEqual(40));

  it.each(badBodies)("$name: $status $code", async (bad) => {
    const before = await end();
    const reply = await send(bad.body, bad.headers, bad.path, bad.method);
    const answer = (await reply.json()) as Answer;
    const first = answer.errors?.[0];
    expect({ status: reply.status, code: answer.code, error: first && [first.row, first.path, first.code] }).toEqual({
      status: bad.status,
      code: bad.code,
      error: bad.error ?? (first && [first.row, first.path, first.code]),
    });
    if (bad.accepted !== undefined) expect(answer.accepted).toBe(bad.accepted);
    if (bad.rejected !== undefined) expect(answer.rejected).toBe(bad.rejected);
    for (const error of answer.errors ?? []) {
      expect(error.expected).not.toBe("");
      expect(error.got.length).toBeLessThanOrEqual(100);
    }
    expect(reply.headers.get("access-control-allow-origin")).toBe("*");
    expect(reply.headers.get("x-request-id")).toBeTruthy();
    if (reply.status !== 207) {
      expect(reply.headers.get("content-type")).toBe("application/problem+json");
      expect(answer.requestId).toBe(reply.headers.get("x-request-id"));
    }
    expect(await end()).toBe(before + (reply.status === 207 ? bad.accepted! : 0));
  });

  it("leave the server able to take a good one", async () => {
    const before = await end();
    expect((await send(JSON.stringify(good))).status).toBe(200);
    expect(await end()).toBe(before + 1);
  });
});

describe("good bodies", () => {
  const two = [
    { ...good, tags: ["a"] },
    { ...good, origin: "Zürich \u{1f6eb}" },
  ];
  it.each([
    ["object", JSON.stringify(good), {}, 1],
    ["array", JSON.stringify(two), {}, 2],
    ["indented array", JSON.stringify(two, null, 2), {}, 2],
    ["empty array", "[]", {}, 0],
    ["NDJSON", two.map((row) => `${JSON.stringify(row)}\n`).join(""), { "content-type": "application/x-ndjson" }, 2],
    [
      "NDJSON with CRLF, blank lines and no end",
      two.map((row) => JSON.stringify(row)).join("\r\n\r\n"),
      { "content-type": "application/x-ndjson" },
      2,
    ],
    ["content type with parameters", JSON.stringify(good), { "content-type": "Application/JSON; charset=UTF-8" }, 1],
    ["gzip", gzipSync(JSON.stringify(two)), { "content-encoding": "gzip" }, 2],
  ] as [string, string | Uint8Array, Record<string, string>, number][])("%s", async (_name, body, headers, count) => {
    const before = await server.rows(STREAM);
    const reply = await send(body, headers);
    expect([reply.status, await reply.json()]).toEqual([
      200,
      {
        accepted: count,
        rejected: 0,
        duplicates: 0,
        errors: [],
        errorsTruncated: false,
        position: expect.stringMatching(/^p1\./),
      },
    ]);
    const added = (await server.rows(STREAM)).slice(before.length).map((row) => JSON.parse(row) as unknown);
    expect(added).toEqual(count === 1 ? [good] : two.slice(0, count));
  });

  it("go to the model of the exact name and version", async () => {
    expect((await send(JSON.stringify(good), {}, "/ingest/FlightLeg/1.0")).status).toBe(200);
    expect(await server.rows("FlightLeg.1.0")).toHaveLength(1);
  });

  it("are stored not at all by atomic with a bad row, and by dry-run", async () => {
    const before = await end();
    await send(`[${JSON.stringify(good)},{}]`, {}, "/ingest/Flight?mode=atomic");
    const dry = await send(JSON.stringify(good), {}, "/ingest/Flight?mode=dry-run");
    expect([dry.status, ((await dry.json()) as Answer).accepted]).toEqual([200, 1]);
    expect(await end()).toBe(before);
  });

  it("are stored once for each idempotency key", async () => {
    const before = await end();
    const headers = { "idempotency-key": "batch-1" };
    const replies = await Promise.all([1, 2, 3].map(() => send(JSON.stringify(two), headers)));
    const bodies = await Promise.all(replies.map((reply) => reply.text()));
    expect(new Set(bodies).size).toBe(1);
    expect(await (await send(JSON.stringify(two), headers)).text()).toBe(bodies[0]);
    expect(await end()).toBe(before + 2);
    const other = await send(JSON.stringify(good), headers);
    expect([other.status, ((await other.json()) as Answer).code]).toEqual([422, "idempotency_key_reused"]);
    expect(await end()).toBe(before + 2);
  });

  it("have their errors listed up to a number, and say so", async () => {
    const reply = await send(`[${Array.from({ length: 300 }, () => "{}").join(",")}]`);
    const answer = (await reply.json()) as Answer & { errorsTruncated: boolean };
    expect(answer.rejected).toBe(300);
    expect(answer.errors).toHaveLength(100);
    expect(answer.errorsTruncated).toBe(true);
  });
});

describe("bodies larger than the core takes at once", () => {
  let small: IngestServer;
  beforeAll(async () => {
    small = await startIngestServer({ models, maxBodyBytes: MAX_BODY_BYTES, maxInputBytes: 1024 });
  });
  afterAll(() => small.close());

  it.each(["application/json", "application/x-ndjson"])(
    "are judged in slices as if they were one: %s",
    async (type) => {
      const before = await small.stream.ensureStream(STREAM, { partitions: 1 }).then(() => small.rows(STREAM));
      const rows = Array.from({ length: 100 }, (_, distance) => ({
        ...good,
        distance,
        ...(distance === 57 ? { delay: "x" } : {}),
      }));
      const body =
        type === "application/json" ? JSON.stringify(rows) : rows.map((row) => JSON.stringify(row)).join("\n");
      const reply = await fetch(`${small.url}/ingest/Flight`, {
        method: "POST",
        headers: { "content-type": type },
        body,
      });
      expect(reply.status).toBe(207);
      expect(await reply.json()).toMatchObject({
        accepted: 99,
        rejected: 1,
        errors: [{ row: 57, path: "/delay", code: "wrong_type" }],
      });
      const stored = (await small.rows(STREAM))
        .slice(before.length)
        .map((row) => (JSON.parse(row) as typeof good).distance);
      expect(stored).toEqual(rows.map((row) => row.distance).filter((distance) => distance !== 57));
    },
  );
});

describe("raw requests", () => {
  const head = (...lines: string[]): string =>
    ["POST /ingest/Flight HTTP/1.1", "host: localhost", "content-type: application/json", ...lines, "\r\n"].join(
      "\r\n",
    );
  const big = "x".repeat(MAX_BODY_BYTES + 1);

  it("take a chunked body", async () => {
    const body = JSON.stringify(good);
    const chunks = [body.slice(0, 10), body.slice(10)]
      .map((part) => `${part.length.toString(16)}\r\n${part}\r\n`)
      .join("");
    const reply = await exchangeRaw(server.port, `${head("transfer-encoding: chunked")}${chunks}0\r\n\r\n`, (text) =>
      text.endsWith("}"),
    );
    expect(reply.status).toBe(200);
  });

  it.each([
    ["bad chunking", `${head("transfer-encoding: chunked")}zz\r\n{}\r\n0\r\n\r\n`, 400],
    [
      "a length and chunks at once",
      `${head("transfer-encoding: chunked", "content-length: 4")}2\r\n{}\r\n0\r\n\r\n`,
      400,
    ],
    ["a negative length", head("content-length: -1"), 400],
    ["a length that is no number", head("content-length: abc"), 400],
    ["two lengths that differ", `${head("content-length: 2", "content-length: 3")}{} `, 400],
    ["HTTP/1.0", "POST /ingest/Flight HTTP/1.0\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}", 505],
    ["a huge header", head(`x-big: ${"x".repeat(200_000)}`, "content-length: 2"), 431],
    ["over the limit by its length, before a byte of it", head(`content-length: ${big.length}`), 413],
    [
      "over the limit in one chunk",
      `${head("transfer-encoding: chunked")}${big.length.toString(16)}\r\n${big}\r\n0\r\n\r\n`,
      413,
    ],
  ])("close the connection after %s", async (_name, sent, status) => {
    const before = await end();
    const reply = await exchangeRaw(server.port, sent, () => false);
    expect([reply.status, reply.closed]).toEqual([status, true]);
    expect(await end()).toBe(before);
  });

  // uWS gives a head 10 s.
  it.concurrent("lose a connection that never finishes its head", async () => {
    const reply = await exchangeRaw(
      server.port,
      "POST /ingest/Flight HTTP/1.1\r\nhost: a\r\nx-slow:",
      () => false,
      undefined,
      20_000,
    );
    expect(reply.closed).toBe(true);
  });

  it("forget a body whose sender leaves", async () => {
    const before = await end();
    const limitMs = 200;
    await expect(
      exchangeRaw(server.port, `${head("content-length: 500")}{"origin":`, undefined, undefined, limitMs),
    ).rejects.toThrow("no end within");
    expect((await send(JSON.stringify(good))).status).toBe(200);
    expect(await end()).toBe(before + 1);
  });

  it("are refused with 503 while too many bytes of bodies are held, and taken again after", async () => {
    const narrow = await startIngestServer({ models, maxBodyBytes: MAX_BODY_BYTES, maxBufferedBytes: 1000 });
    try {
      const sent = head("content-length: 900");
      const holding = exchangeRaw(narrow.port, sent, undefined, undefined, 1500);
      const post = () =>
        fetch(`${narrow.url}/ingest/Flight`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ ...good, carrier: "x".repeat(200) }),
        });
      await expect.poll(async () => (await post()).status).toBe(503);
      await expect(holding).rejects.toThrow("no end within");
      await expect.poll(async () => (await post()).status).toBe(200);
    } finally {
      await narrow.close();
    }
  });
});
