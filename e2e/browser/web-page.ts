// The page of the plugin's test: page views and web vitals, as an app sets them up.
import { createIngest } from "@moose/ingest";
import { PageView, trackPageViews, trackWebVitals, WebVital } from "@moose/ingest/web";

export const webPage = {
  begin(url: string): void {
    const ingest = createIngest({ url, models: [PageView, WebVital] });
    trackPageViews(ingest);
    trackWebVitals(ingest);
    Object.assign(globalThis, { flush: () => ingest.flush() });
  },
};

(globalThis as unknown as { webPage: typeof webPage }).webPage = webPage;
