// The WebSocket of the live route: who may connect, what is sent, dropped and told.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHttpServer, type HttpServer } from "../http-server.ts";
import { exchangeRaw, textFrame, upgradeRequest } from "../test-raw-http.ts";
import { BIG_BYTES, sends, serverOptions } from "../test-server-options.ts";

let server: HttpServer;
beforeAll(async () => {
  server = await createHttpServer(serverOptions());
});
afterAll(() => server.close());

describe("live", () => {
  const protocol = { "sec-websocket-protocol": "other, moose.live.v1" };

  it("speaks the subprotocol", async () => {
    const ended = (text: string): boolean => text.endsWith("hello");
    const reply = await exchangeRaw(server.port, upgradeRequest(protocol), ended, textFrame("hello"));
    expect(reply.status).toBe(101);
    expect(reply.headers.get("sec-websocket-protocol")).toBe("moose.live.v1");
  });

  it("sends a message of any size, drops what comes while too much waits, and tells when it drained", async () => {
    const ended = (text: string): boolean => text.endsWith("end");
    const reply = await exchangeRaw(server.port, upgradeRequest(protocol), ended, textFrame("big"));
    expect(sends).toEqual(["buffered", "dropped", "sent"]);
    expect(reply.text.length).toBeGreaterThan(BIG_BYTES);
    expect(reply.text).not.toContain("after");
  });

  it.each([
    ["another origin", { ...protocol, origin: "https://evil.example" }, 403, "forbidden"],
    ["no subprotocol", {}, 400, "invalid_parameter"],
  ])("refuses %s", async (_name, headers, status, code) => {
    const reply = await exchangeRaw(server.port, upgradeRequest(headers), (text) => text.endsWith("}"));
    expect([reply.status, JSON.parse(reply.text)]).toEqual([status, expect.objectContaining({ code })]);
  });

  it("tells a plain request to upgrade", async () => {
    const reply = await fetch(`${server.url}/live`);
    expect([reply.status, reply.headers.get("upgrade")]).toEqual([426, "websocket"]);
  });

  it("closes a socket that sends binary, or too much", async () => {
    const binary = textFrame("x");
    binary[0] = 0x82;
    for (const frame of [binary, textFrame("x".repeat(101))]) {
      const reply = await exchangeRaw(server.port, upgradeRequest(protocol), () => false, frame);
      expect([reply.status, reply.closed]).toEqual([101, true]);
    }
  });
});
