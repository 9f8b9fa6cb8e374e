// One tab that sends: opened, reloaded, closed and crashed as a test wants it; it is opened again when it is gone.
import type { BrowserContext, Page } from "playwright-core";
import type { senderPage } from "./sender-page.ts";

type PageWithSender = typeof globalThis & { readonly senderPage: typeof senderPage };
type TestEvents = Parameters<typeof senderPage.send>[0];

const LIMIT_MS = 30_000;

export class SendingTab {
  readonly #context: BrowserContext;
  readonly #pageUrl: string;
  readonly #serverUrl: string;
  #page: Page | undefined;
  #crashed = false;

  constructor(context: BrowserContext, pageUrl: string, serverUrl: string) {
    this.#context = context;
    this.#pageUrl = pageUrl;
    this.#serverUrl = serverUrl;
  }

  /** A page with a client, opened if there is none. */
  async open(): Promise<Page> {
    if (this.#page && !this.#page.isClosed() && !this.#crashed) return this.#page;
    await this.#page?.close().catch(() => {});
    this.#crashed = false;
    const page = await this.#context.newPage();
    page.on("crash", () => {
      this.#crashed = true;
    });
    await this.#load(page);
    this.#page = page;
    return page;
  }

  /** Rejects when the tab is gone before all were accepted. */
  async send(events: TestEvents): Promise<void> {
    const page = await this.open();
    await page.evaluate((given) => (globalThis as PageWithSender).senderPage.send(given), events);
  }

  async reload(): Promise<void> {
    const page = await this.open();
    await this.#load(page);
  }

  async close(): Promise<void> {
    await this.#page?.close();
    this.#page = undefined;
  }

  /** Its process ends, with no chance to do anything more. */
  async crash(): Promise<void> {
    const page = await this.open();
    const crashed = page.waitForEvent("crash", { timeout: LIMIT_MS });
    await Promise.all([crashed, page.goto("chrome://crash", { timeout: LIMIT_MS }).catch(() => {})]);
  }

  async moveClock(ms: number): Promise<void> {
    const page = await this.open();
    await page.evaluate((by) => (globalThis as PageWithSender).senderPage.moveClock(by), ms);
  }

  /** Events that wait, in the queue of all tabs, after a flush. */
  async queuedEvents(): Promise<number> {
    const page = await this.open();
    return page.evaluate(() => (globalThis as PageWithSender).senderPage.queuedEvents());
  }

  async #load(page: Page): Promise<void> {
    await page.goto(this.#pageUrl, { timeout: LIMIT_MS });
    await page.waitForFunction(() => "senderPage" in globalThis, undefined, { timeout: LIMIT_MS });
    await page.evaluate((url) => (globalThis as PageWithSender).senderPage.begin(url), this.#serverUrl);
  }
}
