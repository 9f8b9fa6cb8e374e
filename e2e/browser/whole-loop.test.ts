// The whole loop in Chromium: real flights go in through the SDK, and what the page's charts show equals what ClickHouse answers.
import { createClient } from "@clickhouse/client";
import { createIngest } from "@moose/ingest";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DelayReading } from "../../examples/flights/models/delay-reading.ts";
import { Flight } from "../../examples/flights/models/flight.ts";
import { replayFlights } from "../../examples/flights/replay/replay-flights.ts";
import { launchChromium } from "../../viz-components/src/elements/test-chromium.ts";
import { type FlightsApp, startFlightsApp } from "./flights-app.ts";
import { type PlainRow, recordStates, shownRows, waitForStates } from "./shown-rows.ts";

const EVENTS = 6000;
const FLIGHTS = 4800;
const LIMIT_MS = 20_000;

/** Each element of the dashboard, and the same question in SQL over the raw table. */
const questions: readonly [selector: string, sql: string][] = [
  ["moose-stat[y=flights]", "SELECT count() AS flights FROM moose.Flight"],
  ["moose-stat[y=averageDelay]", "SELECT avg(delay) AS averageDelay FROM moose.Flight"],
  ["moose-stat[y=miles]", "SELECT sum(distance) AS miles FROM moose.Flight"],
  ["moose-stat[y=maxDelay]", "SELECT max(delay) AS maxDelay FROM moose.Flight"],
  ["#flights-by-second", bySecond("count() AS flights")],
  ["#delay-by-second", bySecond("avg(delay) AS averageDelay")],
  ["#delay-by-hour", "SELECT hour, avg(delay) AS averageDelay FROM moose.DelayReading GROUP BY hour ORDER BY hour"],
  ["#delay-by-origin", byOrigin("avg(delay) AS averageDelay", "averageDelay")],
  ["#flights-by-origin", byOrigin("count() AS flights", "flights")],
];

function bySecond(measure: string): string {
  return `SELECT toDateTime(seenAt) AS second, ${measure} FROM moose.Flight GROUP BY second ORDER BY second DESC LIMIT 300`;
}

function byOrigin(measure: string, column: string): string {
  return `SELECT origin, ${measure} FROM moose.Flight GROUP BY origin ORDER BY ${column} DESC, origin LIMIT 12`;
}

let app: FlightsApp;
let browser: Browser;
let page: Page;
let seenStates: () => Promise<Record<string, string[]>>;
const problems: string[] = [];
let sockets = 0;

beforeAll(async () => {
  [app, browser] = await Promise.all([startFlightsApp(), launchChromium()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 2000 }, locale: "en-US", timezoneId: "UTC" });
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("websocket", () => sockets++);
  page.on("pageerror", (error) => problems.push(error.message));
  seenStates = await recordStates(page);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await app?.remove();
});

async function ask(sql: string): Promise<PlainRow[]> {
  const client = createClient({ url: app.clickhouseUrl });
  try {
    const answer = await client.query({
      query: sql,
      format: "JSONEachRow",
      clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
    });
    return await answer.json<PlainRow>();
  } finally {
    await client.close();
  }
}

async function expectPageToEqualClickHouse(): Promise<void> {
  for (const [selector, sql] of questions) {
    const answer = await ask(sql);
    expect(answer.length, sql).toBeGreaterThan(0);
    await expect.poll(() => shownRows(page, selector), { timeout: LIMIT_MS, message: selector }).toEqual(answer);
  }
}

it("says that there is nothing before the first event", async () => {
  await page.goto(app.url);
  await waitForStates(page, "#delay-by-hour, #flights-by-origin, #flights-by-second", "empty", LIMIT_MS);
  await page.locator("#flights-by-origin").getByText("No data yet").waitFor();
});

it("shows real flights as they arrive, equal to what ClickHouse answers", async () => {
  const ingest = createIngest({ url: app.url, models: [Flight, DelayReading] });
  const options = { url: app.url, source: "both", rate: 2000, loop: false, limit: EVENTS, waitMs: 0 } as const;
  expect(await replayFlights(ingest, options, AbortSignal.timeout(60_000))).toBe(EVENTS);
  await ingest.close();
  await expect
    .poll(async () => (await ask("SELECT count() AS flights FROM moose.Flight"))[0]?.flights, { timeout: LIMIT_MS })
    .toBe(String(FLIGHTS));
  await expectPageToEqualClickHouse();
  await waitForStates(page, "moose-stat, moose-line-chart, moose-bar-chart", "live", LIMIT_MS);
  const states = await seenStates();
  expect(states["flights-by-second"]).toEqual(["loading", "empty", "live"]);
  expect(states["delay-by-origin"]).toEqual(["loading", "empty", "live"]);
  expect(problems).toEqual([]);
  expect(sockets).toBe(1);
}, 90_000);

it("asks for nothing off screen, and begins when it is scrolled into view", async () => {
  const other = await browser.newPage();
  await other.goto(app.url);
  await other.evaluate(() => {
    const far = document.createElement("moose-stat");
    Object.assign(far, { id: "far", query: "FlightTotals", y: "flights", live: true });
    far.style.marginTop = "6000px";
    document.querySelector("main")?.append(far);
  });
  await waitForStates(other, "moose-stat[format=compact]", "live", LIMIT_MS);
  await waitForStates(other, "#far", "loading", LIMIT_MS);
  await other.locator("#far").scrollIntoViewIfNeeded();
  await waitForStates(other, "#far", "live", LIMIT_MS);
  await other.close();
}, 60_000);

it("runs both SDKs inside the page: an event that is sent there is queried and followed there", async () => {
  await page.addScriptTag({
    type: "module",
    content: `import * as sdks from "/sdks-in-page.js"; window.sdks = sdks;`,
  });
  await page.waitForFunction(() => "sdks" in window);
  const result = await page.evaluate(async (url) => {
    const { sdks } = window as unknown as { sdks: typeof import("./sdks-in-page.ts") };
    const moose = sdks.createConsumption({ url });
    const before = (await moose.query(sdks.FlightTotals, { measures: ["flights"] })).rows[0]?.flights;
    const live = moose.live(sdks.FlightTotals, { measures: ["flights"] });
    const ingest = sdks.createIngest({ url, models: [sdks.Flight] });
    const event = { scheduledAt: "2001-01-01T07:30:00Z", origin: "SEA", destination: "SFO", delay: -4, distance: 679 };
    await ingest.send(sdks.Flight, { ...event, seenAt: new Date() });
    const refused = await ingest.send(sdks.Flight, { ...event, seenAt: new Date(), delay: 99_999 }).then(
      () => "accepted",
      (error: Error) => error.name,
    );
    await ingest.close();
    let followed: bigint | undefined;
    for await (const update of live) {
      followed = update.rows[0]?.flights;
      if (before !== undefined && followed === before + 1n) break;
    }
    const after = (await moose.query(sdks.FlightTotals, { measures: ["flights"] })).rows[0]?.flights;
    await moose.close();
    return { gained: Number(after) - Number(before), followed: followed === after, type: typeof after, refused };
  }, app.url);
  expect(result).toEqual({ gained: 1, followed: true, type: "bigint", refused: "IngestValidationError" });
  await expectPageToEqualClickHouse();
});

it("has no axe violation, no layout shift and no horizontal scroll, light and dark, wide and narrow", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const viewport of [
      { width: 1280, height: 2000 },
      { width: 390, height: 844 },
    ]) {
      const context = await browser.newContext({ viewport, colorScheme, locale: "en-US", reducedMotion: "reduce" });
      const other = await context.newPage();
      await other.addInitScript(() => {
        Object.assign(window, { shift: 0 });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            (window as unknown as { shift: number }).shift += (entry as unknown as { value: number }).value;
        }).observe({ type: "layout-shift", buffered: true });
      });
      await other.goto(app.url);
      await waitForStates(other, "moose-stat, #flights-by-second", "live", LIMIT_MS);
      await other.addScriptTag({ content: axe.source });
      const found = await other.evaluate(async () => {
        const result = await (window as unknown as { axe: typeof axe }).axe.run();
        return {
          violations: result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`),
          shift: (window as unknown as { shift: number }).shift,
          overflow: document.documentElement.scrollWidth - innerWidth,
        };
      });
      expect(found).toEqual({ violations: [], shift: 0, overflow: 0 });
      await context.close();
    }
  }
}, 60_000);

it("shows times on the reader's own clock", async () => {
  const other = await browser.newPage({ timezoneId: "America/New_York", locale: "en-US" });
  await other.goto(app.url);
  await waitForStates(other, "#flights-by-second", "live", LIMIT_MS);
  const [latest] = await ask(
    "SELECT formatDateTime(max(second), '%H:%i:%S', 'America/New_York') AS clock FROM moose.FlightsBySecond",
  );
  const cell = other.locator("#flights-by-second tbody td:first-child").filter({ hasText: String(latest?.clock) });
  await cell.first().waitFor({ state: "attached", timeout: LIMIT_MS });
  await other.close();
}, 60_000);

it("says what the server refuses, and offers to try again", async () => {
  const other = await browser.newPage();
  await other.goto(app.url);
  await other.locator("#delay-by-hour").evaluate((element) => element.setAttribute("query", "NoSuchAggregation"));
  await waitForStates(other, "#delay-by-hour", "error", LIMIT_MS);
  await other.locator("#delay-by-hour").getByText("NoSuchAggregation").waitFor();
  await other.locator("#delay-by-hour").evaluate((element) => element.setAttribute("query", "DelaysByHour"));
  await waitForStates(other, "#delay-by-hour", "live", LIMIT_MS);
  await other.close();
}, 60_000);

it("keeps showing the last rows while the server is away, says so, and goes on when it is back", async () => {
  const all = "moose-stat, moose-line-chart, moose-bar-chart";
  const before = await shownRows(page, "#flights-by-origin");
  await app.stop();
  await waitForStates(page, all, "reconnecting", LIMIT_MS);
  await page.locator("#flights-by-origin").getByText("Reconnecting").waitFor();
  expect(await shownRows(page, "#flights-by-origin")).toEqual(before);
  await app.start();
  await waitForStates(page, all, "live", 2 * LIMIT_MS);
  const ingest = createIngest({ url: app.url, models: [Flight] });
  await ingest.send(Flight, {
    seenAt: new Date(),
    scheduledAt: "2001-01-01T07:30:00Z",
    origin: "SEA",
    destination: "SFO",
    delay: 3,
    distance: 679,
  });
  await ingest.close();
  await expect
    .poll(async () => (await ask("SELECT count() AS flights FROM moose.Flight"))[0]?.flights, { timeout: LIMIT_MS })
    .toBe(String(FLIGHTS + 2));
  await expectPageToEqualClickHouse();
}, 120_000);
