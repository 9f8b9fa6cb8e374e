// Reads from a page what its elements show, and their states.
import type {} from "@moose/viz";
import type { Page } from "playwright-core";

export type PlainRow = Record<string, unknown>;

type DataElement = HTMLElementTagNameMap["moose-line-chart" | "moose-bar-chart" | "moose-stat"];

/** Rows that an element has drawn; 64-bit integers as decimal text, as ClickHouse's JSON has them. */
export async function shownRows(page: Page, selector: string): Promise<PlainRow[]> {
  const text = await page.locator(selector).evaluate((element) => {
    const rows = (element as unknown as DataElement).shownData;
    return JSON.stringify(rows, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  });
  return JSON.parse(text) as PlainRow[];
}

/** Waits until every element that the selector names is in this state. */
export async function waitForStates(page: Page, selector: string, state: string, timeoutMs: number): Promise<void> {
  await page.waitForFunction(
    ([names, wanted]) => {
      const elements = [...document.querySelectorAll(names)];
      return elements.length > 0 && elements.every((element) => (element as DataElement).state === wanted);
    },
    [selector, state] as const,
    { timeout: timeoutMs },
  );
}

/** Every state that an element has been in since the page began; call before the page is opened. */
export async function recordStates(page: Page): Promise<() => Promise<Record<string, string[]>>> {
  await page.addInitScript(() => {
    const seen: Record<string, string[]> = {};
    Object.assign(window, { seenStates: seen });
    document.addEventListener("moose-state-change", (event) => {
      const { detail, target } = event as HTMLElementEventMap["moose-state-change"];
      const element = target as HTMLElement;
      const name = element.id || (element.getAttribute("label") ?? "");
      seen[name] ??= [detail.previous];
      seen[name].push(detail.state);
    });
  });
  return () => page.evaluate(() => (window as unknown as { seenStates: Record<string, string[]> }).seenStates);
}
