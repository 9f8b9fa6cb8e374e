// Tabs that are closed, reloaded and crashed while the network and the server come and go: every accepted event is in ClickHouse exactly once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { launchChromium } from "../../viz-components/src/elements/test-chromium.ts";
import { expectExactlyOnce } from "../crash/expect-exactly-once.ts";
import { newAccount } from "../crash/load.ts";
import { between, seededRandom } from "../crash/random.ts";
import { ServerUnderTest } from "../crash/server-under-test.ts";
import { CuttableLink } from "../reading/cuttable-link.ts";
import { bundleForPage } from "./bundle-for-page.ts";
import { SendingTab } from "./sending-tab.ts";
import { type PageServer, servePage } from "./serve-page.ts";

const TABS = 5;
const EVENTS = Number(process.env.MOOSE_TABS_EVENTS ?? 1_500);
const SEED = Number(process.env.MOOSE_TABS_SEED ?? Date.now() % 2 ** 31);
const DAY_MS = 86_400_000;

describe(`tabs (MOOSE_TABS_SEED=${SEED} MOOSE_TABS_EVENTS=${EVENTS})`, () => {
  const account = newAccount();
  const done = { closed: 0, reloaded: 0, crashed: 0, clockMoved: 0, cut: 0, killed: 0 };
  let bundle: NodeBundle;
  let browser: Browser;
  let context: BrowserContext;
  let projectDir: string;
  let pages: PageServer;
  let server: ServerUnderTest;
  let link: CuttableLink;

  const start = async (): Promise<void> => {
    server = await ServerUnderTest.start(bundle, projectDir);
    const port = Number(new URL(server.urls.api).port);
    if (link) link.up(port);
    else link = await CuttableLink.to(port);
  };

  beforeAll(async () => {
    projectDir = mkdtempSync(join(tmpdir(), "moose-tabs-"));
    const [script, built, launched] = await Promise.all([
      bundleForPage("sender-page.ts"),
      ServerUnderTest.bundle(),
      launchChromium(),
    ]);
    [bundle, browser] = [built, launched];
    context = await browser.newContext();
    await context.exposeFunction("accepted", (ids: string[]) => {
      for (const id of ids) account.acknowledged.add(id);
    });
    pages = await servePage({
      "/": '<script type="module" src="/sender-page.js"></script>',
      "/sender-page.js": script,
    });
    await start();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
    await link?.close();
    await server?.kill();
    bundle?.remove();
    rmSync(projectDir, { recursive: true, force: true });
  });

  /** Sends bursts, and does something to the tab now and then, until enough events were accepted. */
  async function runTab(tab: SendingTab, number: number): Promise<void> {
    const random = seededRandom(SEED + number);
    for (let burst = 0; account.acknowledged.size < EVENTS; burst++) {
      const events = Array.from({ length: between(random, 1, 120) }, (_, n) => ({
        id: `${number}.${burst}.${n}`,
        model: "Reading" as const,
        round: number,
        value: between(random, 0, 1000),
      }));
      for (const event of events) account.sent.set(event.id, event);
      const sent = tab.send(events.map(({ id, round, value }) => ({ id, round, value })));
      // A tab that goes in the middle leaves open which of them were accepted.
      const over = sent.catch(() => {});
      const dice = random();
      if (random() < 0.5) await over;
      if (dice < 0.1) await act("crashed", tab.crash());
      else if (dice < 0.25) await act("reloaded", tab.reload());
      else if (dice < 0.4) await act("closed", tab.close());
      else if (dice < 0.5) await act("clockMoved", tab.moveClock(between(random, -3 * DAY_MS, 3 * DAY_MS)));
      await over;
    }
  }

  /** What is done to a tab may find it gone already. */
  async function act(name: keyof typeof done, deed: Promise<void>): Promise<void> {
    await deed.then(
      () => done[name]++,
      () => {},
    );
  }

  async function breakThings(signal: AbortSignal): Promise<void> {
    const random = seededRandom(SEED + TABS);
    for (;;) {
      const enough = account.acknowledged.size + between(random, EVENTS / 20, EVENTS / 8);
      await expect.poll(() => signal.aborted || account.acknowledged.size >= enough, { timeout: 120_000 }).toBe(true);
      if (signal.aborted) return;
      if (random() < 0.5) {
        done.cut++;
        link.down();
        await new Promise((resolve) => setTimeout(resolve, between(random, 50, 1_500)));
        link.up();
      } else {
        done.killed++;
        await server.kill();
        await start();
      }
    }
  }

  it(
    "has every accepted event in ClickHouse exactly once",
    async () => {
      const tabs = Array.from({ length: TABS }, () => new SendingTab(context, pages.url, link.url));
      const over = new AbortController();
      const breaking = breakThings(over.signal);
      await Promise.all(tabs.map(runTab));
      over.abort();
      await breaking;
      await expect.poll(() => tabs[0]!.queuedEvents(), { timeout: 60_000, interval: 500 }).toBe(0);
      console.log(`tabs: ${account.acknowledged.size} of ${account.sent.size} accepted, seed ${SEED}`, done);
      expect(account.acknowledged.size).toBeGreaterThanOrEqual(EVENTS);
      await expectExactlyOnce(server.urls, account, ["Reading"]);
    },
    120_000 + EVENTS * 60,
  );
});
