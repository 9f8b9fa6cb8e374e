// Which origins may call from a browser, and the headers that say so.
import type { HeaderList } from "./http-types.ts";

export interface CorsPolicy {
  /** Headers for every reply to this origin ("" when the request has none). */
  headersFor(origin: string): HeaderList;
  /** Headers of a preflight's reply, beside those. */
  readonly preflight: HeaderList;
  /** Whether a browser page of this origin may open a live connection. Requests without an origin are not from a browser page. */
  allows(origin: string): boolean;
}

const exposed: HeaderList = [
  ["access-control-expose-headers", "x-request-id, x-moose-position, retry-after, etag, allow"],
];
const vary: HeaderList = [["vary", "Origin"]];

/** `origins` are compared exactly; "*" allows every one. */
export function createCorsPolicy(origins: readonly string[]): CorsPolicy {
  const anyOrigin = origins.includes("*");
  const anyHeadersForNoBrowser: HeaderList = [["access-control-allow-origin", "*"]];
  const anyHeaders: HeaderList = [...anyHeadersForNoBrowser, ...exposed];
  const allowed = new Map<string, HeaderList>(
    origins.map((origin) => [origin, [["access-control-allow-origin", origin], ...vary, ...exposed]]),
  );
  return {
    headersFor: (origin) => {
      if (anyOrigin) return origin === "" ? anyHeadersForNoBrowser : anyHeaders;
      return allowed.get(origin) ?? vary;
    },
    allows: (origin) => origin === "" || anyOrigin || allowed.has(origin),
    preflight: [
      ["access-control-allow-methods", "GET, HEAD, POST, OPTIONS"],
      [
        "access-control-allow-headers",
        "accept, authorization, content-encoding, content-type, idempotency-key, moose-event-ids, x-request-id",
      ],
      ["access-control-max-age", "600"],
    ],
  };
}
