// Page views and web vitals of a real page in Chromium: they fit their models, and arrive.
import { modelSpec } from "@moose/core";
import { PageView, WebVital } from "@moose/ingest/web";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "../../viz-components/src/elements/test-chromium.ts";
import { type IngestServer, startIngestServer } from "../bodies/start-ingest-server.ts";
import { bundleForPage } from "./bundle-for-page.ts";
import { type PageServer, servePage } from "./serve-page.ts";
import type { webPage } from "./web-page.ts";

type PageWithPlugin = typeof globalThis & { readonly webPage: typeof webPage; flush(): Promise<unknown> };

let browser: Browser;
let page: Page;
let pages: PageServer;
let server: IngestServer;

beforeAll(async () => {
  const models = [modelSpec(PageView), modelSpec(WebVital)];
  const [script, launched, started] = await Promise.all([
    bundleForPage("web-page.ts"),
    launchChromium(),
    startIngestServer({ models, maxBodyBytes: 1024 * 1024 }),
  ]);
  [browser, server] = [launched, started];
  const html = '<title>Shop</title><button>Buy</button><script type="module" src="/web-page.js"></script>';
  pages = await servePage({ "/": html, "/web-page.js": script });
  page = await browser.newPage({ viewport: { width: 800, height: 600 }, locale: "en-US" });
  await page.goto(`${pages.url}?private=1#secret`);
  await page.waitForFunction(() => "webPage" in globalThis);
  await page.evaluate((url) => (globalThis as PageWithPlugin).webPage.begin(url), server.url);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await server?.close();
});

const rows = async (stream: string) =>
  (await server.rows(stream)).map((row) => JSON.parse(row) as Record<string, unknown>);
const flush = () => page.evaluate(() => (globalThis as PageWithPlugin).flush());

it("sends a view for each path, without queries and fragments", async () => {
  await page.evaluate(() => {
    history.pushState({}, "", "/products?id=7");
    history.replaceState({}, "", "/products?id=8");
    history.pushState({}, "", "/cart");
  });
  await page.goBack();
  await expect
    .poll(async () => {
      await flush();
      return (await rows("PageView.1.0")).map(({ path }) => path);
    })
    .toEqual(["/", "/products", "/cart", "/products"]);
  const views = await rows("PageView.1.0");
  expect(views[0]).toMatchObject({
    title: "Shop",
    language: "en-US",
    viewportWidth: 800,
    viewportHeight: 600,
    referrer: "",
  });
  expect(views[1]!.referrer).toBe(pages.url);
  expect(new Set(views.map(({ loadId }) => loadId)).size).toBe(1);
});

it("sends what was measured when the page is hidden, once", async () => {
  await page.getByText("Buy").click();
  const hide = () =>
    page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
  await hide();
  await hide();
  await flush();
  const vitals = await rows("WebVital.1.0");
  const names = vitals.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(["TTFB", "CLS"]));
  for (const { value, path } of vitals) {
    expect(value).toBeGreaterThanOrEqual(0);
    expect(path).toBe("/");
  }
});
