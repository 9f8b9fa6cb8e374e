// `/docs`: everything from this server, under a strict policy, once; and nothing of it when it is switched off.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHttpServer, type HttpServer } from "../http-server.ts";
import { exchangeRaw } from "../test-raw-http.ts";
import { serverOptions } from "../test-server-options.ts";

let server: HttpServer;
beforeAll(async () => {
  server = await createHttpServer(serverOptions());
});
afterAll(() => server.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });

describe("/docs", () => {
  it("is a page that loads nothing from elsewhere", async () => {
    const reply = await get("/docs");
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(reply.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self';/);
    const loaded = [...(await reply.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
    expect(loaded).toContain("docs/swagger-ui-bundle.js");
    for (const path of loaded.filter((one) => !one.startsWith("data:")))
      expect([path, (await get(`/${path}`)).status]).toEqual([path, 200]);
  });

  it("sends a file compressed to those who take it, and not again to those who have it", async () => {
    const plain = await get("/docs/swagger-ui.css", { "accept-encoding": "identity" });
    const text = await plain.text();
    expect(plain.headers.get("content-encoding")).toBeNull();
    const raw = await exchangeRaw(
      server.port,
      "GET /docs/swagger-ui.css HTTP/1.1\r\nhost: a\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n",
    );
    expect(raw.headers.get("content-encoding")).toBe("gzip");
    const refused = await get("/docs/swagger-ui.css", { "accept-encoding": "gzip;q=0" });
    expect(refused.headers.get("content-encoding")).toBeNull();
    const compressed = await get("/docs/swagger-ui.css", { "accept-encoding": "gzip" });
    expect(await compressed.text()).toBe(text);
    const etag = plain.headers.get("etag")!;
    expect((await get("/docs/swagger-ui.css", { "if-none-match": etag })).status).toBe(304);
  });

  it.each([
    "/docs/",
    "/docs/package.json",
    "/docs/..%2fpackage.json",
    "/docs/swagger-ui-bundle.js.map",
    "/docs/constructor",
    "/docs/%00",
  ])("has nothing at %s", async (path) => expect((await get(path)).status).toBe(404));

  it("goes with the contract when it is switched off", async () => {
    const off = await createHttpServer({ ...serverOptions(), docs: false });
    try {
      for (const path of ["/docs", "/docs/start.js", "/openapi.json", "/asyncapi.json"])
        expect([path, (await fetch(off.url + path)).status]).toEqual([path, 404]);
    } finally {
      await off.close();
    }
  });
});

describe("/asyncapi.json", () => {
  it("is the contract of /live with this server's address", async () => {
    const document = (await (await get("/asyncapi.json")).json()) as { asyncapi: string; servers: object };
    expect(document.asyncapi).toBe("3.0.0");
    expect(document.servers).toMatchObject({ this: { host: new URL(server.url).host, protocol: "ws" } });
  });
});
