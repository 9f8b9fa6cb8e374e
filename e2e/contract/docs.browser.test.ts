// The page /docs in Chromium: the project's operations and schemas are shown, and not one request leaves the server.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { launchChromium } from "../../viz-components/src/elements/test-chromium.ts";
import { ContractProject } from "./contract-project.ts";

const LIMIT_MS = 60_000;

const project = new ContractProject();
const requested: string[] = [];
const problems: string[] = [];
let cli: NodeBundle;
let browser: Browser;
let page: Page;
let url: string;

beforeAll(async () => {
  cli = await bundleCli();
  [url, browser] = await Promise.all([project.serve(cli), launchChromium()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
  page.setDefaultTimeout(LIMIT_MS);
  page.on("request", (request) => requested.push(request.url()));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await project.close();
  cli?.remove();
});

it(
  "shows what the project serves, from this server alone",
  async () => {
    await page.goto(`${url}/docs`);
    await page.locator('[data-path="/ingest/Flight"]').waitFor();
    await page.locator('[data-path="/query/FlightsByMinute"]').first().waitFor();
    await page.locator('[data-path="/ingest/Flight"]').click();
    await page.getByText("A flight that was seen.").first().waitFor();
    if (process.env.MOOSE_SCREENSHOT !== undefined) await page.screenshot({ path: process.env.MOOSE_SCREENSHOT });
    expect(problems).toEqual([]);
    const elsewhere = requested.filter((one) => !one.startsWith(`${url}/`) && !one.startsWith("data:"));
    expect(elsewhere).toEqual([]);
  },
  LIMIT_MS * 2,
);

it(
  "sends a request from the page",
  async () => {
    const operation = page.locator("#operations-operations-healthLive");
    await operation.locator(".opblock-summary-control").click();
    await operation.getByRole("button", { name: "Try it out" }).click();
    await operation.getByRole("button", { name: "Execute" }).click();
    await operation.locator(".live-responses-table .response-col_status").getByText("200").waitFor();
    expect(problems).toEqual([]);
  },
  LIMIT_MS * 2,
);
