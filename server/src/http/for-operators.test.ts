// The routes that show events or put them back answer programs on this machine, and nobody else, unless they are opened.
import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHttpServer, type HttpServer } from "./http-server.ts";
import { serverOptions } from "./test-server-options.ts";

const ROUTES = [
  ["GET", "/audit"],
  ["GET", "/quarantine"],
  ["GET", "/quarantine/0123456789abcdef01234567"],
  ["POST", "/quarantine/replay"],
] as const;
/** An address of this machine that is not of its loopback. */
const ownAddress = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

let server: HttpServer;

async function open(operators: "loopback" | "everyone"): Promise<void> {
  server = await createHttpServer({ ...serverOptions(), host: "0.0.0.0", operators });
}
afterEach(() => server.close());

async function ask(method: string, path: string, headers: Record<string, string> = {}, host = "127.0.0.1") {
  const response = await fetch(`http://${host}:${server.port}${path}`, { method, headers });
  const { code, detail } = (await response.json()) as { code: string; detail: string };
  return { status: response.status, code, detail };
}

describe("for the loopback", () => {
  beforeEach(() => open("loopback"));

  it.each(ROUTES)("%s %s lets a program on this machine through", async (method, path) => {
    // These servers have no such part: what they say then is the route's own answer.
    expect((await ask(method, path)).code).not.toBe("forbidden");
  });

  it.each(ROUTES)(
    "%s %s refuses what a proxy passes on, a page of another site, and another machine",
    async (method, path) => {
      const forbidden = { status: 403, code: "forbidden" };
      for (const name of ["forwarded", "x-forwarded-for", "x-real-ip", "via"]) {
        expect(await ask(method, path, { [name]: "192.0.2.7" })).toMatchObject(forbidden);
      }
      for (const origin of ["https://evil.example", "null", `http://evil.example:${server.port}`]) {
        expect(await ask(method, path, { origin })).toMatchObject(forbidden);
      }
      expect(await ask(method, path, { origin: `http://127.0.0.1:${server.port}` })).not.toMatchObject(forbidden);
      expect(ownAddress, "this test needs an address beside the loopback").toBeDefined();
      const { detail, ...answer } = await ask(method, path, {}, ownAddress);
      expect(answer).toEqual(forbidden);
      expect(detail).toContain("from another machine");
    },
  );

  it("leaves all other routes as they are", async () => {
    const response = await fetch(`http://${ownAddress}:${server.port}/health/live`, { headers: { via: "proxy" } });
    expect(response.status).toBe(200);
  });
});

it("for everyone: whoever reaches the port", async () => {
  await open("everyone");
  for (const [method, path] of ROUTES) {
    const answer = await ask(method, path, { "x-forwarded-for": "192.0.2.7", origin: "https://a.example" }, ownAddress);
    expect(answer.code).not.toBe("forbidden");
  }
});
