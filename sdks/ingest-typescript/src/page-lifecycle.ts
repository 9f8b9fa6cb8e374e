// Tells when a page is hidden, shown, left, or online again: `visibilitychange` and `pagehide`, never `unload`, which browsers skip and which blocks their back/forward cache.

/** The part of `document` and `window` that is used; absent outside a browser. */
interface PageGlobals {
  readonly document?: EventTarget & { readonly visibilityState: string };
  readonly addEventListener?: EventTarget["addEventListener"];
  readonly removeEventListener?: EventTarget["removeEventListener"];
}

/** `leaving`: the page itself goes; it may come back out of the back/forward cache, and is `visible` then. */
export type PageMoment = "hidden" | "visible" | "leaving" | "online";

export interface PageLifecycle {
  /** Returns what ends the watch. */
  watch(listener: (moment: PageMoment) => void): () => void;
}

export const pageLifecycle: PageLifecycle = {
  watch(listener) {
    const page = globalThis as PageGlobals;
    const { document } = page;
    if (!document || !page.addEventListener) return () => {};
    const onVisibility = (): void => listener(document.visibilityState === "hidden" ? "hidden" : "visible");
    const listeners: [string, () => void][] = [
      ["pagehide", () => listener("leaving")],
      ["pageshow", () => listener("visible")],
      ["online", () => listener("online")],
    ];
    document.addEventListener("visibilitychange", onVisibility);
    for (const [type, each] of listeners) page.addEventListener(type, each);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      for (const [type, each] of listeners) page.removeEventListener?.(type, each);
    };
  },
};

/** Whether this is a page that can keep data. */
export const isPage = (): boolean => "document" in globalThis && "indexedDB" in globalThis;
