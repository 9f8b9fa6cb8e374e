// `GET /health/live` and `/health/ready`.
import type { Route } from "../http-types.ts";

/** A dependency's check: resolves to false, or rejects, when it does not work. */
export type HealthCheck = () => Promise<boolean>;
export type HealthChecks = Readonly<Record<string, HealthCheck>>;

/** A check that takes longer has failed. */
const CHECK_LIMIT_MS = 2_000;

/** `leaving`: the server is about to stop, so it is not ready whatever the checks say. */
export function healthRoutes(checks: HealthChecks, leaving: () => boolean): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/health/live",
      handler: (exchange) => exchange.reply(200, "application/json", '{"status":"ok"}', uncached),
    },
    {
      method: "GET",
      path: "/health/ready",
      handler: async (exchange) => {
        const results = await Promise.all(
          Object.entries(checks).map(async ([name, check]): Promise<[string, CheckResult]> => [name, await run(check)]),
        );
        if (leaving()) results.push(["server", { ok: false, detail: "is shutting down" }]);
        const ok = results.every(([, result]) => result.ok);
        const body = { status: ok ? "ok" : "failing", checks: Object.fromEntries(results) };
        exchange.reply(ok ? 200 : 503, "application/json", JSON.stringify(body), ok ? uncached : retryLater);
      },
    },
  ];
}

const uncached = [["cache-control", "no-store"]] as const;
const retryLater = [...uncached, ["retry-after", "1"]] as const;

interface CheckResult {
  readonly ok: boolean;
  readonly detail?: string;
}

async function run(check: HealthCheck): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_LIMIT_MS} ms`)), CHECK_LIMIT_MS);
  });
  try {
    return (await Promise.race([check(), late])) ? { ok: true } : { ok: false, detail: "does not answer" };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : "failed" };
  } finally {
    clearTimeout(timer);
  }
}
