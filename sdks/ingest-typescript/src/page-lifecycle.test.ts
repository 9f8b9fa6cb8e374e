// The end of a page, as the browser announces it.
import { afterEach, expect, it } from "vitest";
import { pageLifecycle } from "./page-lifecycle.ts";

const page = globalThis as unknown as Record<string, unknown>;
afterEach(() => {
  for (const name of ["document", "addEventListener", "removeEventListener"]) delete page[name];
});

it("tells hidden from leaving, and stops when told to", () => {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  page.document = document;
  page.addEventListener = window.addEventListener.bind(window);
  page.removeEventListener = window.removeEventListener.bind(window);
  const seen: boolean[] = [];
  const stop = pageLifecycle.watch((leaving) => seen.push(leaving));
  document.dispatchEvent(new Event("visibilitychange"));
  expect(seen).toEqual([]);
  document.visibilityState = "hidden";
  document.dispatchEvent(new Event("visibilitychange"));
  window.dispatchEvent(new Event("pagehide"));
  expect(seen).toEqual([false, true]);
  stop();
  document.dispatchEvent(new Event("visibilitychange"));
  window.dispatchEvent(new Event("pagehide"));
  expect(seen.length).toBe(2);
});

it("has nothing to watch outside a browser", () => {
  expect(() => pageLifecycle.watch(() => {})()).not.toThrow();
});
