// Ready-made for pages: page views and web vitals, with their models.
export { PageView, type PageViewsOptions, trackPageViews } from "./web/page-views.ts";
export { trackWebVitals, WebVital, type WebVitalsOptions } from "./web/web-vitals.ts";
