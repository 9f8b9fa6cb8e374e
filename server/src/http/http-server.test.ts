// The server over real sockets: routes and contract agree, errors are problems, closing is orderly.
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { contract } from "@moose/openapi";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { QueryRunner } from "../ports/query-runner.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { createHttpServer, type HttpServer } from "./http-server.ts";
import { exchangeRaw, upgradeRequest } from "./test-raw-http.ts";
import { asked, live, serverOptions as options, queries } from "./test-server-options.ts";

let server: HttpServer;
beforeAll(async () => {
  server = await createHttpServer(options());
});
afterAll(() => server.close());

const get = (path: string, init?: RequestInit) => fetch(server.url + path, init);

describe("contract", () => {
  it("has the same routes as the server", () => {
    const documented = Object.entries(contract.paths).flatMap(([path, item]) =>
      ["get", "post"].filter((method) => method in item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(server.routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(documented.sort());
  });

  it("is served", async () => {
    const document = (await (await get("/openapi.json")).json()) as { openapi: string; servers: { url: string }[] };
    expect(document.openapi).toBe("3.1.0");
    expect(document.servers[0]!.url).toBe("/");
  });
});

describe("every reply", () => {
  it("echoes a sane request id and replaces another", async () => {
    expect((await get("/health/live", { headers: { "x-request-id": "abc-1" } })).headers.get("x-request-id")).toBe(
      "abc-1",
    );
    for (const bad of ["a b", "x".repeat(200), "<script>"]) {
      const id = (await get("/nothing", { headers: { "x-request-id": bad } })).headers.get("x-request-id");
      expect(id).toMatch(/^[\w-]+$/);
      expect(id).not.toBe(bad);
    }
  });

  it.each(["/health/live", "/nothing", "/query/other", "/ingest/%"])("carries CORS headers at %s", async (path) => {
    const allowed = await get(path, { headers: { origin: "https://app.example" } });
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(allowed.headers.get("vary")).toBe("Origin");
    const other = await get(path, { headers: { origin: "https://evil.example" } });
    expect(other.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("leaves a connection that it does not close usable after a preflight and after HEAD", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const statusOf = (method: string, path: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const sent = request(server.url + path, { method, agent }, (reply) => {
          reply.resume().on("end", () => resolve(reply.statusCode!));
        });
        sent.on("error", reject).end();
      });
    try {
      for (let round = 0; round < 20; round++) {
        expect(await statusOf("OPTIONS", "/ingest/Flight")).toBe(204);
        expect(await statusOf("GET", "/health/live")).toBe(200);
        expect(await statusOf("HEAD", "/health/live")).toBe(200);
        expect(await statusOf("GET", "/health/live")).toBe(200);
      }
    } finally {
      agent.destroy();
    }
  });

  it("answers a preflight", async () => {
    const headers = { origin: "https://app.example", "access-control-request-method": "POST" };
    const reply = await get("/ingest/Flight", { method: "OPTIONS", headers });
    expect(reply.status).toBe(204);
    expect(reply.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(reply.headers.get("access-control-allow-headers")).toContain("idempotency-key");
    expect(reply.headers.get("allow")).toBe("OPTIONS, POST");
  });
});

describe("errors", () => {
  it("are problems with a code", async () => {
    const reply = await get("/query/other");
    expect(reply.status).toBe(404);
    expect(reply.headers.get("content-type")).toBe("application/problem+json");
    expect(await reply.json()).toMatchObject({
      code: "unknown_query",
      status: 404,
      type: "urn:moose:problem:unknown_query",
    });
  });

  it("tell nothing of a defect", async () => {
    const reply = await get("/query/defect");
    expect(reply.status).toBe(500);
    const text = await reply.text();
    expect(JSON.parse(text)).toMatchObject({ code: "internal", requestId: reply.headers.get("x-request-id") });
    expect(text).not.toMatch(/SELECT|secret|\.ts|at /);
  });

  it("say which methods there are", async () => {
    const reply = await get("/ingest/Flight", { method: "PUT", body: "x" });
    expect(reply.status).toBe(405);
    expect(reply.headers.get("allow")).toBe("OPTIONS, POST");
  });

  it("say when to come back", async () => {
    const reply = await get("/ingest/Flight", {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([503, "5"]);
  });

  it("name the failing dependency", async () => {
    const health = {
      log: async () => true,
      database: async () => false,
      disk: () => Promise.reject(new Error("is full")),
    };
    const other = await createHttpServer({ ...options(), health });
    try {
      const reply = await fetch(`${other.url}/health/ready`);
      expect(reply.status).toBe(503);
      expect(await reply.json()).toEqual({
        status: "failing",
        checks: {
          log: { ok: true },
          database: { ok: false, detail: "does not answer" },
          disk: { ok: false, detail: "is full" },
        },
      });
    } finally {
      await other.close();
    }
  });

  it("say what to do when the port is taken", async () => {
    await expect(createHttpServer({ ...options(), port: server.port })).rejects.toMatchObject({
      code: "port_in_use",
      message: expect.stringContaining(`127.0.0.1:${server.port}`),
    });
  });
});

describe("queries", () => {
  it("take parameters from the URL and from a body alike", async () => {
    asked.length = 0;
    const reply = await get("/query/Q?dimensions=a,b&filter.a=1&orderBy=-b&limit=3");
    expect(await reply.json()).toMatchObject({
      columns: [{ name: "n", type: "UInt64" }],
      rows: [["1"]],
      position: "p1.e30",
    });
    const body = JSON.stringify({
      dimensions: ["a", "b"],
      filters: { a: "1" },
      orderBy: ["-b"],
      limit: 3,
      after: "p1.e30",
    });
    expect(
      (await get("/query/Q", { method: "POST", body, headers: { "content-type": "application/json" } })).status,
    ).toBe(200);
    expect(asked[0]).toEqual(asked[1]);
  });

  it.each([
    ["/query/Q?limit=x", 400, "invalid_query"],
    ["/query/Q?after=nonsense", 400, "invalid_parameter"],
  ])("refuse %s", async (path, status, code) => {
    const reply = await get(path);
    expect([reply.status, await reply.json()]).toEqual([status, expect.objectContaining({ code })]);
  });

  it("stream in the format that Accept prefers, as fast as the reader reads", async () => {
    const reply = await get("/query/Q", { headers: { accept: "application/json;q=0.5, text/csv" } });
    expect(reply.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(reply.headers.get("x-moose-position")).toBe("p1.e30");
    expect((await reply.arrayBuffer()).byteLength).toBe(64 * 64 * 1024);
  });

  it("are pulled no faster than a slow reader takes them", async () => {
    let pulled = 0;
    const chunkBytes = 64 * 1024;
    const chunks = 1000;
    const big: QueryRunner = {
      ...queries,
      async stream() {
        async function* body() {
          for (; pulled < chunks; pulled++) yield Buffer.alloc(chunkBytes, "x");
        }
        return { body: body(), position: new Map() };
      },
    };
    const other = await createHttpServer({ ...options(), query: { queries: big, live } });
    try {
      const socket = connect(other.port, "127.0.0.1");
      socket.pause();
      socket.write("GET /query/Q HTTP/1.1\r\nhost: a\r\naccept: text/csv\r\n\r\n");
      let seen = -1;
      const standsStill = (): boolean => {
        const still = pulled > 0 && pulled === seen;
        seen = pulled;
        return still;
      };
      // What the kernel's buffers take is pulled, and no more.
      await expect.poll(standsStill, { interval: 200, timeout: 10_000 }).toBe(true);
      expect(pulled).toBeLessThan(chunks / 2);
      let received = 0;
      socket.on("data", (data) => {
        received += data.length;
      });
      socket.resume();
      await expect.poll(() => received, { timeout: 10_000 }).toBeGreaterThan(chunks * chunkBytes);
      socket.destroy();
    } finally {
      await other.close();
    }
  });

  it("answer a stream that fails at once with its status", async () => {
    expect((await get("/query/late", { headers: { accept: "text/csv" } })).status).toBe(503);
  });

  it("are aborted when the peer leaves", async () => {
    asked.length = 0;
    const metrics = createMetrics();
    const other = await createHttpServer({ ...options(), metrics });
    const socket = connect(other.port, "127.0.0.1");
    socket.write("GET /query/hang HTTP/1.1\r\nhost: a\r\n\r\n");
    await expect.poll(() => asked.length).toBe(1);
    socket.destroy();
    await expect.poll(() => metrics.text()).toContain('moose_http_requests_total{route="/query/{name}",status="0"} 1');
    await other.close();
  });
});

describe("closing", () => {
  let other: HttpServer | undefined;
  afterEach(() => other?.close());

  it("answers what is under way, refuses what is new, tells WebSockets to go", async () => {
    let release = (): void => {};
    let begun = false;
    const slow: QueryRunner = {
      ...queries,
      async run(name, request, runOptions) {
        begun = true;
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return queries.run(name, request, runOptions);
      },
    };
    other = await createHttpServer({ ...options(), query: { queries: slow, live } });
    const { port } = other;
    const underWay = fetch(`${other.url}/query/Q`);
    const socket = exchangeRaw(port, upgradeRequest({ "sec-websocket-protocol": "moose.live.v1" }), () => false);
    await expect.poll(() => begun).toBe(true);
    const closing = other.close();
    await expect(fetch(`${other.url}/health/live`)).rejects.toThrow();
    release();
    expect((await underWay).status).toBe(200);
    await closing;
    const frames = await socket;
    // A close frame (0x88) with code 1001 (0x03 0xe9).
    expect(frames.text).toContain("\u0088");
    expect(frames.text).toContain("\u0003\u00e9");
  });
});
