// One client, and so one socket, per server URL of a page: acquired by elements, closed after the last released it.
import { createConsumptionSource } from "./consumption-source.ts";
import type { RowSource } from "./row-source.ts";

interface SharedSource {
  readonly source: RowSource;
  users: number;
  closing: ReturnType<typeof setTimeout> | undefined;
}

/** Elements that move within the page disconnect and connect again: the client outlives that. */
const CLOSE_AFTER_MS = 5000;

const sources = new Map<string, SharedSource>();

export interface SourceLease {
  readonly source: RowSource;
  release(): void;
}

/** The client of this server; each lease must be released once. */
export function acquireSource(url: string, token: string | undefined): SourceLease {
  const key = `${url}\n${token ?? ""}`;
  const held = sources.get(key) ?? { source: createConsumptionSource(url, token), users: 0, closing: undefined };
  sources.set(key, held);
  held.users++;
  clearTimeout(held.closing);
  let released = false;
  return {
    source: held.source,
    release() {
      if (released) return;
      released = true;
      if (--held.users > 0) return;
      held.closing = setTimeout(() => {
        sources.delete(key);
        void held.source.close();
      }, CLOSE_AFTER_MS);
    },
  };
}
