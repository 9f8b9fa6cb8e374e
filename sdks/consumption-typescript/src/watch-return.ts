// Tells when the machine is online again or the page visible again: the moments at which trying to reconnect pays at once.

interface EventSource {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/** Calls back until the returned function is called. Does nothing where there is neither page nor network events. */
export function watchReturn(returned: () => void): () => void {
  const host = globalThis as Partial<EventSource> & { document?: EventSource & { visibilityState: string } };
  const page = host.document;
  const onVisible = () => {
    if (page?.visibilityState === "visible") returned();
  };
  if (page) host.addEventListener?.("online", returned);
  page?.addEventListener("visibilitychange", onVisible);
  return () => {
    if (page) host.removeEventListener?.("online", returned);
    page?.removeEventListener("visibilitychange", onVisible);
  };
}
