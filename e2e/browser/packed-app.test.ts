// A fresh vite app with @moose/ingest from its tarball, in Chromium under strict Content-Security-Policies: what it loads, how large it is, and that its events arrive.
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { model, modelSpec, t } from "@moose/core";
import type { Browser } from "playwright-core";
import { build, createServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../../viz-components/src/elements/test-chromium.ts";
import { type IngestServer, startIngestServer } from "../bodies/start-ingest-server.ts";
import { createFreshProject, type FreshProject } from "../packed/fresh-project.ts";
import { servePage } from "./serve-page.ts";

const Click = model("Click", { at: t.dateTime64(3).key(), page: t.string() });
const LIMIT_MS = 30_000;

let project: FreshProject;
let server: IngestServer;
let browser: Browser;

beforeAll(async () => {
  [project, server, browser] = await Promise.all([
    createFreshProject(["core-wasm", "sdks/ingest-typescript"]),
    startIngestServer({ models: [modelSpec(Click)], maxBodyBytes: 1024 * 1024 }),
    launchChromium(),
  ]);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await project?.remove();
});

/** Built files by their paths. `entry` is the text of the app's only module. */
async function buildApp(name: string, entry: string): Promise<Record<string, Uint8Array>> {
  const root = join(project.folder, name);
  await mkdir(root, { recursive: true });
  await project.write(join(name, "index.html"), '<!doctype html><script type="module" src="/main.js"></script>');
  await project.write(join(name, "main.js"), entry);
  await build({ root, configFile: false, logLevel: "error", build: { modulePreload: false, assetsInlineLimit: 0 } });
  const out = join(root, "dist");
  const files = (await readdir(out, { recursive: true })).filter((file) => /\.\w+$/.test(file));
  const read = files.map(async (file) => [`/${file}`, await readFile(join(out, file))] as const);
  const bodies: Record<string, Uint8Array> = Object.fromEntries(await Promise.all(read));
  return { ...bodies, "/": bodies["/index.html"]! };
}

const sendFrom = (entry: string): string => `
import { model, t } from "@moose/core";
import { createIngest } from "${entry}";
const Click = model("Click", { at: t.dateTime64(3).key(), page: t.string() });
globalThis.sendClick = async (url, page) => {
  const refusedByServer = [];
  const ingest = createIngest({ url, models: [Click], onRejected: ({ rows }) => refusedByServer.push(...rows) });
  await ingest.send(Click, { at: new Date(0), page });
  const refused = await ingest.send(Click, { at: new Date(0), page: 1 }).then(() => "sent", ({ code }) => code);
  const { position } = await ingest.flush();
  await ingest.close();
  return { position, refused, refusedByServer: refusedByServer.length };
};`;

/** Opens an app under a policy and sends one event. */
async function sendUnder(bodies: Record<string, Uint8Array>, scripts: string, page: string) {
  const policy = `default-src 'none'; base-uri 'none'; script-src ${scripts}; connect-src 'self' ${server.url}; require-trusted-types-for 'script'`;
  const pages = await servePage(bodies, { "content-security-policy": policy, "cache-control": "max-age=600" });
  const context = await browser.newContext();
  try {
    const tab = await context.newPage();
    const told: string[] = [];
    const asked: string[] = [];
    tab.on("console", (message) => told.push(message.text()));
    tab.on("pageerror", (error) => told.push(error.message));
    tab.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await tab.goto(pages.url);
    await tab.waitForFunction(() => "sendClick" in globalThis, undefined, { timeout: LIMIT_MS });
    const result = await tab.evaluate(
      ([url, name]) =>
        (globalThis as unknown as { sendClick(...args: string[]): Promise<Record<string, unknown>> }).sendClick(
          url,
          name,
        ),
      [server.url, page] as const,
    );
    return { result, told, asked };
  } finally {
    await context.close();
    await pages.close();
  }
}

const pagesStored = async () => (await server.rows("Click.1.0")).map((row) => JSON.parse(row).page as string);

describe("a fresh vite app", () => {
  it("sends under a strict policy, and loads the core once, as a file of its own", async () => {
    const bodies = await buildApp("plain", sendFrom("@moose/ingest"));
    const { result, told, asked } = await sendUnder(bodies, "'self' 'wasm-unsafe-eval'", "strict");
    expect(result).toMatchObject({ refused: "validation_failed", refusedByServer: 0 });
    expect(result.position).toMatch(/^p1\./);
    expect(told).toEqual([]);
    expect(asked.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
    expect(await pagesStored()).toContain("strict");
    // The inlined copy was built, and not asked for.
    const inlined = Object.entries(bodies).find(([, body]) => Buffer.from(body).includes("AGFzbQ"))![0];
    expect(asked).not.toContain(inlined);
  });

  it("sends with the core inlined, and asks for no file", async () => {
    const bodies = await buildApp("inlined", sendFrom("@moose/ingest/inline"));
    expect(Object.keys(bodies).filter((path) => path.endsWith(".wasm"))).toEqual([]);
    const { result, told } = await sendUnder(bodies, "'self' 'wasm-unsafe-eval'", "inlined");
    expect(result).toMatchObject({ refused: "validation_failed" });
    expect(told).toEqual([]);
    expect(await pagesStored()).toContain("inlined");
  });

  it("takes the inlined copy where the file is not beside the bundle", async () => {
    const bodies = await buildApp("moved", sendFrom("@moose/ingest"));
    const moved = Object.fromEntries(Object.entries(bodies).filter(([path]) => !path.endsWith(".wasm")));
    const { result } = await sendUnder(moved, "'self' 'wasm-unsafe-eval'", "moved");
    expect(result).toMatchObject({ refused: "validation_failed" });
    expect(await pagesStored()).toContain("moved");
  });

  it("sends where WebAssembly is forbidden: the server checks, and the console says so", async () => {
    const bodies = await buildApp("forbidden", sendFrom("@moose/ingest"));
    const { result, told } = await sendUnder(bodies, "'self'", "forbidden");
    expect(result).toMatchObject({ refused: "sent", refusedByServer: 1 });
    expect(told.some((text) => text.includes("events are checked by the server only"))).toBe(true);
    expect(await pagesStored()).toContain("forbidden");
  });
});

it("sends out of memory where the browser keeps no data for it", async () => {
  const bodies = await buildApp("no-storage", sendFrom("@moose/ingest"));
  const forbid = `IDBFactory.prototype.open = () => { throw new DOMException("no storage here", "SecurityError"); };`;
  const pages = await servePage({ ...bodies, "/": `<script>${forbid}</script>${Buffer.from(bodies["/"]!)}` });
  const tab = await browser.newPage();
  await tab.goto(pages.url);
  await tab.waitForFunction(() => "sendClick" in globalThis, undefined, { timeout: LIMIT_MS });
  const result = await tab.evaluate(
    (url) => (globalThis as unknown as { sendClick(...args: string[]): Promise<object> }).sendClick(url, "no-storage"),
    server.url,
  );
  expect(result).toMatchObject({ refused: "validation_failed" });
  expect(await pagesStored()).toContain("no-storage");
  await tab.close();
  await pages.close();
});

it("works in vite's development server, which bundles packages in its own way", async () => {
  await buildApp("development", sendFrom("@moose/ingest"));
  const root = join(project.folder, "development");
  const vite = await createServer({
    root,
    configFile: false,
    logLevel: "error",
    server: { port: 0, host: "127.0.0.1" },
  });
  const tab = await browser.newPage();
  try {
    await vite.listen();
    await tab.goto(vite.resolvedUrls!.local[0]!);
    await tab.waitForFunction(() => "sendClick" in globalThis, undefined, { timeout: LIMIT_MS });
    const result = await tab.evaluate(
      (url) =>
        (globalThis as unknown as { sendClick(...args: string[]): Promise<object> }).sendClick(url, "development"),
      server.url,
    );
    expect(result).toMatchObject({ refused: "validation_failed" });
    expect(await pagesStored()).toContain("development");
  } finally {
    await tab.close();
    await vite.close();
  }
}, 60_000);

describe("what a page loads", () => {
  const gzipped = (body: Uint8Array): number => gzipSync(body, { level: 9 }).length;

  it("is at most 8 KB for createIngest, and next to nothing for a part of it", async () => {
    const sizes: Record<string, number> = {};
    for (const name of ["createIngest", "isIngestError"]) {
      const bodies = await buildApp(
        `size-${name}`,
        `import { ${name} } from "@moose/ingest";\nglobalThis.it = ${name};`,
      );
      const entry = Object.keys(bodies).find((path) => /\/index-[^/]*\.js$/.test(path))!;
      sizes[name] = 0;
      for (const path of staticImports(bodies, entry)) sizes[name] += gzipped(bodies[path]!);
    }
    console.log("gzipped bytes that a page loads at once", sizes);
    expect(sizes.createIngest).toBeLessThanOrEqual(8 * 1024);
    expect(sizes.isIngestError).toBeLessThanOrEqual(700);
  });
});

/** The file, and what it imports before it runs. */
function staticImports(bodies: Record<string, Uint8Array>, path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const text = new TextDecoder().decode(bodies[path]);
  for (const [, name] of text.matchAll(
    /(?:^|[;}\s])(?:import|export)\s*(?:[\w{}\s,*$]*\s*from\s*)?["']\.\/([^"']+)["']/g,
  ))
    staticImports(bodies, `/assets/${name}`, seen);
  return seen;
}
