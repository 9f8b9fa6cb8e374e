// Waits until a server says that everything it needs works.

const READY_LIMIT_MS = 30_000;

/** False when it is still not ready at the limit. */
export async function untilReady(api: string): Promise<boolean> {
  const giveUpMs = performance.now() + READY_LIMIT_MS;
  while (performance.now() < giveUpMs) {
    try {
      const response = await fetch(`${api}/health/ready`, { signal: AbortSignal.timeout(5_000) });
      const { checks } = (await response.json()) as { checks: Record<string, { ok: boolean }> };
      if (response.ok) return true;
      // They do not come back by themselves.
      if (checks.log?.ok === false || checks.idempotency?.ok === false) return false;
    } catch {}
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
