// Page views: one event for each page that is shown, also of apps that change the address without loading a page.
import { model, t } from "@moose/core";
import type { Page } from "./page.ts";

/** The model of page views. Put it into the project's models as well: `export { PageView } from "@moose/ingest/web"`. */
export const PageView = model("PageView", {
  viewedAt: t.dateTime64(3).key(),
  /** One for each page that is loaded: the views of a visit to a single-page app have the same. */
  loadId: t.uuid(),
  path: t.string().max(2048),
  /** Where the visitor came from: the address before, of this site or another; "" when there is none. */
  referrer: t.string().max(2048).default(""),
  title: t.string().max(512).default(""),
  language: t.string().max(35).default(""),
  viewportWidth: t.uint16(),
  viewportHeight: t.uint16(),
});

interface PageViewSink {
  send(model: typeof PageView, event: PageViewEvent): Promise<void>;
}

interface PageViewEvent {
  readonly viewedAt: Date;
  readonly loadId: string;
  readonly path: string;
  readonly referrer: string;
  readonly title: string;
  readonly language: string;
  readonly viewportWidth: number;
  readonly viewportHeight: number;
}

export interface PageViewsOptions {
  /** What is recorded of an address; default its path, without query and fragment, which may hold what is private. */
  readonly pathOf?: (url: URL) => string;
  /** A page view that could not be queued. Default: it is left out silently, since a page must not fail for it. */
  readonly onError?: (error: unknown) => void;
  /** For tests. */
  readonly page?: Page;
  readonly now?: () => Date;
}

/** Sends a view now and at each change of the path. Returns what ends it. The client is created with `PageView` among its models. */
export function trackPageViews(ingest: PageViewSink, options: PageViewsOptions = {}): () => void {
  const page = options.page ?? (globalThis as unknown as Page);
  const { pathOf = (url: URL) => url.pathname, now = () => new Date() } = options;
  const loadId = page.crypto.randomUUID();
  let last: string | undefined;
  let referrer = page.document.referrer;
  const view = (): void => {
    const url = new URL(page.location.href);
    const path = pathOf(url).slice(0, 2048);
    if (path === last) return;
    last = path;
    const event = {
      viewedAt: now(),
      loadId,
      path,
      referrer: referrer.slice(0, 2048),
      title: page.document.title.slice(0, 512),
      language: page.navigator.language.slice(0, 35),
      viewportWidth: Math.min(65_535, page.innerWidth),
      viewportHeight: Math.min(65_535, page.innerHeight),
    };
    referrer = `${url.origin}${path}`;
    ingest.send(PageView, event).catch(options.onError ?? (() => {}));
  };
  view();
  return onAddressChange(page, view);
}

/** Where there is the Navigation API it tells; else `history` is watched. */
function onAddressChange(page: Page, changed: () => void): () => void {
  const { navigation, history } = page;
  if (navigation) {
    navigation.addEventListener("currententrychange", changed);
    return () => navigation.removeEventListener("currententrychange", changed);
  }
  const { pushState, replaceState } = history;
  const then =
    (original: typeof pushState): typeof pushState =>
    (...args) => {
      original.apply(history, args);
      changed();
    };
  history.pushState = then(pushState);
  history.replaceState = then(replaceState);
  page.addEventListener("popstate", changed);
  return () => {
    history.pushState = pushState;
    history.replaceState = replaceState;
    page.removeEventListener("popstate", changed);
  };
}
