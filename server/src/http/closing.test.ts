// How the server leaves and what it turns away, over real sockets.
import { connect, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { MooseError } from "../model/errors.ts";
import { createHttpServer, type HttpServer } from "./http-server.ts";
import { serverOptions } from "./test-server-options.ts";

let server: HttpServer | undefined;
let socket: Socket | undefined;
afterEach(async () => {
  socket?.destroy();
  await server?.close();
});

function talk(port: number): { ask(path: string): void; heard(): string; ended: Promise<void> } {
  const opened = connect(port, "127.0.0.1");
  socket = opened;
  let text = "";
  opened.setEncoding("latin1").on("data", (part: string) => {
    text += part;
  });
  return {
    ask: (path) => void opened.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`),
    heard: () => text,
    ended: new Promise((resolve) => opened.once("close", () => resolve())),
  };
}

it("is not ready from the moment it is to leave, and alive until it closes", async () => {
  server = await createHttpServer(serverOptions());
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  server.leave();
  const ready = await fetch(`${server.url}/health/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({
    status: "failing",
    checks: { log: { ok: true }, server: { ok: false, detail: "is shutting down" } },
  });
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
});

it("answers one more request on a connection that is open, tells it to close, and waits no longer than that", async () => {
  server = await createHttpServer(serverOptions());
  const peer = talk(server.port);
  peer.ask("/health/live");
  await expect.poll(peer.heard).toContain('{"status":"ok"}');
  expect(peer.heard().toLowerCase()).not.toContain("connection: close");
  const closing = server.close({ limitMs: 600_000, lingerMs: 600_000 });
  peer.ask("/health/live");
  await peer.ended;
  expect(peer.heard().match(/\{"status":"ok"\}/g)).toHaveLength(2);
  expect(peer.heard().toLowerCase()).toContain("connection: close");
  await closing;
});

it("cuts a connection on which nothing comes when its time is over", async () => {
  server = await createHttpServer(serverOptions());
  const peer = talk(server.port);
  peer.ask("/health/live");
  await expect.poll(peer.heard).toContain('{"status":"ok"}');
  await server.close({ limitMs: 600_000, lingerMs: 20 });
  await peer.ended;
});

it("turns a request away before it reads its body, with the time to come back", async () => {
  let stored = 0;
  const acceptEvents = async (): Promise<never> => {
    stored++;
    throw new Error("the body was read");
  };
  const asked: string[] = [];
  const admit = (model: string): void => {
    asked.push(model);
    throw new MooseError("overloaded", "Too much.", { retryAfterSeconds: 5, extra: { reason: "lag" } });
  };
  server = await createHttpServer({ ...serverOptions(), ingest: { acceptEvents, admit } });
  const response = await fetch(`${server.url}/ingest/Flight/1.0`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: "x".repeat(900),
  });
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("5");
  expect(await response.json()).toMatchObject({ code: "overloaded", reason: "lag" });
  expect(asked).toEqual(["Flight"]);
  expect(stored).toBe(0);
});

it.each([
  ["ingest", "POST", "/ingest/Flight"],
  ["query", "GET", "/query/Q"],
  ["query", "GET", "/live"],
  ["query", "GET", "/openapi.json"],
  ["query", "GET", "/catalog"],
])("without the role %s, %s %s says so", async (role, method, path) => {
  const { ingest: _ingest, query: _query, ...options } = serverOptions();
  server = await createHttpServer(options);
  const response = await fetch(server.url + path, { method });
  expect(response.status).toBe(404);
  expect(((await response.json()) as { detail: string }).detail).toContain(`does not have the role ${role}`);
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  expect((await fetch(`${server.url}/metrics`)).status).toBe(200);
});
