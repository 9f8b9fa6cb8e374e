// A page with a client and its queue may be kept for the way back (back/forward cache), and goes on sending when it is shown again.
import { model, modelSpec, t } from "@moose/core";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type IngestServer, startIngestServer } from "../bodies/start-ingest-server.ts";
import { bundleForPage } from "./bundle-for-page.ts";
import type { senderPage } from "./sender-page.ts";
import { type PageServer, servePage } from "./serve-page.ts";

type PageWithSender = typeof globalThis & { readonly senderPage: typeof senderPage; kept?: boolean };

const Reading = model("Reading", { id: t.string().key(), round: t.uint32(), value: t.uint32() });

let browser: Browser;
let pages: PageServer;
let server: IngestServer;

beforeAll(async () => {
  const [script, started] = await Promise.all([
    bundleForPage("sender-page.ts"),
    startIngestServer({ models: [modelSpec(Reading)], maxBodyBytes: 1024 * 1024 }),
  ]);
  server = started;
  pages = await servePage({
    "/": '<script type="module" src="/sender-page.js"></script>',
    "/elsewhere": "<p>elsewhere",
    "/sender-page.js": script,
  });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
    // Playwright switches it off.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
    timeout: 30_000,
  });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await server?.close();
});

const ids = async () => (await server.rows("Reading.1.0")).map((row) => JSON.parse(row).id as string);

it("is kept, and sends again", async () => {
  const context = await browser.newContext();
  // Playwright's own bindings keep a page out of the cache: the events are looked for on the server.
  await context.addInitScript(() => Object.assign(globalThis, { accepted: () => Promise.resolve() }));
  const page = await context.newPage();
  await page.goto(pages.url);
  await page.waitForFunction(() => "senderPage" in globalThis);
  await page.evaluate((url) => {
    (globalThis as PageWithSender).senderPage.begin(url);
    addEventListener("pageshow", ({ persisted }) => Object.assign(globalThis, { kept: persisted }));
  }, server.url);
  const send = (id: string) =>
    page.evaluate((given) => (globalThis as PageWithSender).senderPage.send([{ id: given, round: 1, value: 1 }]), id);
  await send("before");
  await page.goto(`${pages.url}elsewhere`);
  // What it had not sent when it was left goes with the page's last breath.
  await expect.poll(ids, { timeout: 20_000 }).toEqual(["before"]);
  // A page that was kept is not loaded again.
  await page.goBack({ waitUntil: "commit" });
  expect(await page.evaluate(() => (globalThis as PageWithSender).kept)).toBe(true);
  await send("after");
  await page.evaluate(() => (globalThis as PageWithSender).senderPage.flush(20_000));
  expect(await ids()).toEqual(["before", "after"]);
  await context.close();
}, 60_000);
