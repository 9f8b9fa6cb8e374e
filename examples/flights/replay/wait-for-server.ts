// Waits until the server says that it is ready, with a limit.
import { setTimeout as pause } from "node:timers/promises";

const POLL_MS = 250;
const ATTEMPT_LIMIT_MS = 2_000;

/** Resolves to whether it became ready in time; false as well when `signal` ends the wait. */
export async function waitForServer(url: string, limitMs: number, signal: AbortSignal): Promise<boolean> {
  const endsAtMs = Date.now() + limitMs;
  while (!signal.aborted) {
    try {
      const reply = await fetch(new URL("/health/ready", url), {
        signal: AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_LIMIT_MS)]),
      });
      await reply.body?.cancel();
      if (reply.ok) return true;
    } catch {
      // Not there yet, which is what the wait is for.
    }
    if (Date.now() >= endsAtMs) return false;
    await pause(POLL_MS, undefined, { signal }).catch(() => {});
  }
  return false;
}
