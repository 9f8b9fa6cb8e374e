// The end of a page, as the browser announces it.
import { afterEach, expect, it } from "vitest";
import { type PageMoment, pageLifecycle } from "./page-lifecycle.ts";

const page = globalThis as unknown as Record<string, unknown>;
afterEach(() => {
  for (const name of ["document", "addEventListener", "removeEventListener"]) delete page[name];
});

it("tells hidden, leaving, shown and online, and stops when told to", () => {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  page.document = document;
  page.addEventListener = window.addEventListener.bind(window);
  page.removeEventListener = window.removeEventListener.bind(window);
  const seen: PageMoment[] = [];
  const stop = pageLifecycle.watch((moment) => seen.push(moment));
  document.visibilityState = "hidden";
  document.dispatchEvent(new Event("visibilitychange"));
  window.dispatchEvent(new Event("pagehide"));
  window.dispatchEvent(new Event("pageshow"));
  window.dispatchEvent(new Event("online"));
  document.visibilityState = "visible";
  document.dispatchEvent(new Event("visibilitychange"));
  expect(seen).toEqual(["hidden", "leaving", "visible", "online", "visible"]);
  stop();
  document.dispatchEvent(new Event("visibilitychange"));
  window.dispatchEvent(new Event("pagehide"));
  expect(seen.length).toBe(5);
});

it("has nothing to watch outside a browser", () => {
  expect(() => pageLifecycle.watch(() => {})()).not.toThrow();
});
