// Web vitals: how fast a page was for its visitor, measured by the browser and sent once, when the page is hidden.
import { model, t } from "@moose/core";
import type { Page, PerformanceEntryLike } from "./page.ts";
import { Interactions, LayoutShifts } from "./vital-values.ts";

/** The model of web vitals. Put it into the project's models as well: `export { WebVital } from "@moose/ingest/web"`. */
export const WebVital = model("WebVital", {
  measuredAt: t.dateTime64(3).key(),
  loadId: t.uuid(),
  /** Time to first byte, first and largest contentful paint, interaction to next paint: ms. Cumulative layout shift: a ratio. */
  name: t.enum(["TTFB", "FCP", "LCP", "INP", "CLS"]),
  value: t.float64().min(0),
  path: t.string().max(2048),
});

type VitalName = "TTFB" | "FCP" | "LCP" | "INP" | "CLS";

interface WebVitalSink {
  sendMany(
    model: typeof WebVital,
    events: readonly {
      readonly measuredAt: Date;
      readonly loadId: string;
      readonly name: VitalName;
      readonly value: number;
      readonly path: string;
    }[],
  ): Promise<void>;
}

export interface WebVitalsOptions {
  /** As in `trackPageViews`. */
  readonly pathOf?: (url: URL) => string;
  readonly onError?: (error: unknown) => void;
  /** For tests. */
  readonly page?: Page;
  readonly now?: () => Date;
}

/** Observes this page. What is measured when the page is first hidden is sent then. Returns what ends it, without sending. The client is created with `WebVital` among its models. */
export function trackWebVitals(ingest: WebVitalSink, options: WebVitalsOptions = {}): () => void {
  const page = options.page ?? (globalThis as unknown as Page);
  const { pathOf = (url: URL) => url.pathname, now = () => new Date() } = options;
  const loadId = page.crypto.randomUUID();
  const path = pathOf(new URL(page.location.href)).slice(0, 2048);
  const [navigation] = page.performance.getEntriesByType("navigation");
  // A page that was rendered beforehand begins when it is shown.
  const beginMs = navigation?.activationStart ?? 0;
  const shifts = new LayoutShifts();
  const interactions = new Interactions();
  const paints: { FCP?: number; LCP?: number } = {};
  const observers = [
    observe(page, "paint", ({ name, startTime }) => {
      if (name === "first-contentful-paint") paints.FCP = startTime - beginMs;
    }),
    observe(page, "largest-contentful-paint", ({ startTime }) => {
      paints.LCP = startTime - beginMs;
    }),
    observe(page, "layout-shift", (entry) => shifts.add(entry)),
    observe(page, "event", (entry) => interactions.add(entry)),
    observe(page, "first-input", (entry) => interactions.add(entry)),
  ];
  const stop = (): void => {
    page.document.removeEventListener("visibilitychange", onVisibility);
    for (const observer of observers) observer?.disconnect();
  };
  const onVisibility = (): void => {
    if (page.document.visibilityState !== "hidden") return;
    stop();
    const values: [VitalName, number | undefined][] = [
      ["TTFB", navigation?.responseStart === undefined ? undefined : navigation.responseStart - beginMs],
      ["FCP", paints.FCP],
      ["LCP", paints.LCP],
      ["INP", interactions.value],
      ["CLS", observers[2] && shifts.value],
    ];
    const events = values.flatMap(([name, value]) =>
      value === undefined ? [] : [{ measuredAt: now(), loadId, name, value: Math.max(0, value), path }],
    );
    ingest.sendMany(WebVital, events).catch(options.onError ?? (() => {}));
  };
  page.document.addEventListener("visibilitychange", onVisibility);
  return stop;
}

/** Undefined where the browser does not know this kind. */
function observe(page: Page, type: string, add: (entry: PerformanceEntryLike) => void) {
  if (!page.PerformanceObserver) return undefined;
  try {
    const observer = new page.PerformanceObserver((list) => list.getEntries().forEach(add));
    observer.observe({ type, buffered: true, ...(type === "event" && { durationThreshold: 40 }) });
    return observer;
  } catch {
    return undefined;
  }
}
