// How the HTTP server leaves: not ready first, then no new connections, then the requests under way.
import { setTimeout as wait } from "node:timers/promises";
import type { HttpServer } from "../http/http-server.ts";
import type { Stopping } from "./lifecycle.ts";

/** A client that keeps its connection open learns by its next answer that this one closes. */
const LINGER_MS = 1_000;
/** Of the time until the deadline; the rest is for what the requests left to do. */
const SHARE = 0.6;

export async function closeHttp(http: HttpServer, how: Stopping, notReadyMs: number): Promise<void> {
  if (!how.drain) return http.close();
  http.leave();
  await wait(Math.min(notReadyMs, how.remainingMs() * SHARE));
  const limitMs = how.remainingMs() * SHARE;
  await http.close({ limitMs, lingerMs: Math.min(LINGER_MS, limitMs) });
}
