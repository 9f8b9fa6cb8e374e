// `GET /health/live` and `/health/ready`.
import type { CheckResult, HealthReport, PeerAnswer, WorkerPeers } from "../../ports/worker-peers.ts";
import type { Route } from "../http-types.ts";

/** A dependency's check: resolves to false, or rejects, when it does not work. */
export type HealthCheck = () => Promise<boolean>;
export type HealthChecks = Readonly<Record<string, HealthCheck>>;

/** A check that takes longer has failed. */
const CHECK_LIMIT_MS = 2_000;

export interface HealthRoutesOptions {
  readonly checks: HealthChecks;
  /** The server is about to stop, so it is not ready whatever the checks say. */
  readonly leaving: () => boolean;
  /** The other workers that share the port: a request may reach any of them, so all have to be ready. */
  readonly peers?: WorkerPeers;
}

export function healthRoutes({ checks, leaving, peers }: HealthRoutesOptions): readonly Route[] {
  const own = async (): Promise<HealthReport> => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]): Promise<[string, CheckResult]> => [name, await run(check)]),
    );
    if (leaving()) results.push(["server", { ok: false, detail: "is shutting down" }]);
    return Object.fromEntries(results);
  };
  peers?.answer("health", own);
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
        const [report, others = []] = await Promise.all([own(), peers?.ask("health")]);
        const all = {
          ...report,
          ...Object.fromEntries(others.map((other) => [`worker ${other.worker}`, ofPeer(other)])),
        };
        const ok = Object.values(all).every((result) => result.ok);
        const body = { status: ok ? "ok" : "failing", checks: all };
        exchange.reply(ok ? 200 : 503, "application/json", JSON.stringify(body), ok ? uncached : retryLater);
      },
    },
  ];
}

/** One that is away gets no requests: it fails none. */
function ofPeer({ state, answer = {} }: PeerAnswer<"health">): CheckResult {
  if (state === "away") return { ok: true, detail: "is not running; it will be started" };
  if (state === "silent") return { ok: false, detail: "does not answer" };
  const [failing] = Object.entries(answer).filter(([, { ok }]) => !ok);
  return failing === undefined ? { ok: true } : { ok: false, detail: `${failing[0]} ${failing[1].detail ?? "fails"}` };
}

const uncached = [["cache-control", "no-store"]] as const;
const retryLater = [...uncached, ["retry-after", "1"]] as const;

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
