// Tells when a page may be about to go: `visibilitychange` and `pagehide`, never `unload`, which browsers skip and which blocks their back/forward cache.

/** The part of `document` and `window` that is used; absent outside a browser. */
interface PageGlobals {
  readonly document?: EventTarget & { readonly visibilityState: string };
  readonly addEventListener?: EventTarget["addEventListener"];
  readonly removeEventListener?: EventTarget["removeEventListener"];
}

export interface PageLifecycle {
  /** `leaving` is true when the page itself goes, false when it is only hidden. Returns what ends the watch. */
  watch(listener: (leaving: boolean) => void): () => void;
}

export const pageLifecycle: PageLifecycle = {
  watch(listener) {
    const page = globalThis as PageGlobals;
    const { document } = page;
    if (!document || !page.addEventListener) return () => {};
    const onVisibility = (): void => {
      if (document.visibilityState === "hidden") listener(false);
    };
    const onHide = (): void => listener(true);
    document.addEventListener("visibilitychange", onVisibility);
    page.addEventListener("pagehide", onHide);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      page.removeEventListener?.("pagehide", onHide);
    };
  },
};
