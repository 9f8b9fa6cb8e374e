// The queue in IndexedDB keeps the contract of queues, in a real Chromium.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { queueChecks } from "../../sdks/ingest-typescript/src/queue/test-queue-contract.ts";
import { launchChromium } from "../../viz-components/src/elements/test-chromium.ts";
import { bundleForPage } from "./bundle-for-page.ts";
import type { queuePage } from "./queue-page.ts";
import { type PageServer, servePage } from "./serve-page.ts";

let browser: Browser;
let page: Page;
let pages: PageServer;

beforeAll(async () => {
  const [code, launched] = await Promise.all([bundleForPage("queue-page.ts"), launchChromium()]);
  browser = launched;
  page = await browser.newPage();
  pages = await servePage({ "/": '<script type="module" src="/queue-page.js"></script>', "/queue-page.js": code });
  await page.goto(pages.url);
  await page.waitForFunction(() => "queuePage" in globalThis);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await pages?.close();
});

describe("IndexedDbQueue", () => {
  it.each(queueChecks)("$name", async ({ name }) => {
    const told = await page.evaluate(
      (given) => (globalThis as unknown as { queuePage: typeof queuePage }).queuePage.run(given),
      name,
    );
    expect(told).toBe("kept");
  });
});
