// Files are served as they are, and stay inside their folder.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHttpServer, type HttpServer } from "../http-server.ts";
import { exchangeRaw } from "../test-raw-http.ts";
import { serverOptions } from "../test-server-options.ts";

let folder: string;
let server: HttpServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "moose-http-"));
  mkdirSync(join(folder, "site/assets"), { recursive: true });
  writeFileSync(join(folder, "site/index.html"), "<h1>Moose</h1>");
  writeFileSync(join(folder, "site/assets/a b.js"), "x = 1");
  writeFileSync(join(folder, "site/.env"), "secret");
  writeFileSync(join(folder, "outside.txt"), "secret");
  symlinkSync(join(folder, "outside.txt"), join(folder, "site/link.txt"));
  symlinkSync(folder, join(folder, "site/up"));
  server = await createHttpServer({ ...serverOptions(), staticDir: join(folder, "site") });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (path: string, init?: RequestInit) => fetch(server.url + path, init);

describe("static files", () => {
  it("are served with type and tag", async () => {
    const reply = await get("/");
    expect(await reply.text()).toBe("<h1>Moose</h1>");
    expect(reply.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const again = await get("/index.html", { headers: { "if-none-match": reply.headers.get("etag")! } });
    expect(again.status).toBe(304);
    const script = await get("/assets/a%20b.js");
    expect([script.headers.get("content-type"), await script.text()]).toEqual([
      "text/javascript; charset=utf-8",
      "x = 1",
    ]);
    const head = await get("/", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it.each([
    "/../outside.txt",
    "/assets/../../outside.txt",
    "/%2e%2e/outside.txt",
    "/..%2foutside.txt",
    "/..%5coutside.txt",
    "/link.txt",
    "/up/outside.txt",
    "/.env",
    "/index.html%00.js",
    "/assets",
    "//etc/passwd",
    "/%ff",
  ])("do not give %s", async (path) => {
    const reply = await exchangeRaw(server.port, `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
    expect(reply.status).toBe(404);
    expect(reply.text).not.toContain("secret");
  });
});
