// The HTTP server: puts the routes together, answers every error as a problem, and closes in order.
import type { Audit } from "../audit/audit.ts";
import type { AcceptEvents } from "../ingest/accept-events.ts";
import type { AdmitEvents } from "../ingest/admit-events.ts";
import { MooseError } from "../model/errors.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { LiveHub } from "../ports/live-socket.ts";
import type { QuarantineDesk } from "../ports/quarantine-desk.ts";
import type { QueryRunner } from "../ports/query-runner.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { WorkerPeers } from "../ports/worker-peers.ts";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { createCorsPolicy } from "./cors.ts";
import { createDecompress } from "./decompress.ts";
import { forOperators, type OperatorAccess } from "./for-operators.ts";
import { PeerLeft, type Route } from "./http-types.ts";
import { PROBLEM_TYPE, toProblem } from "./problem.ts";
import { Router } from "./router.ts";
import { auditRoutes } from "./routes/audit.ts";
import { catalogRoutes } from "./routes/catalog.ts";
import { docsRoutes } from "./routes/docs.ts";
import { type HealthChecks, healthRoutes } from "./routes/health.ts";
import { ingestRoutes } from "./routes/ingest.ts";
import { liveEndpoint, liveRoutes } from "./routes/live.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { openApiRoutes } from "./routes/openapi.ts";
import { quarantineRoutes } from "./routes/quarantine.ts";
import { queryRoutes } from "./routes/query.ts";
import { createStaticFiles } from "./routes/static-files.ts";
import { withoutRole } from "./routes/without-role.ts";
import type { UwsExchange } from "./uws/uws-exchange.ts";
import { listenWithUws } from "./uws/uws-listener.ts";

export interface HttpServerOptions {
  readonly host: string;
  /** 0 chooses a free one. */
  readonly port: number;
  /** Other processes may listen on the port, too. */
  readonly sharePort?: boolean;
  readonly catalog: Catalog;
  /** The role ingest; absent, this process has no such routes. */
  readonly ingest?: { readonly acceptEvents: AcceptEvents; readonly admit?: AdmitEvents };
  /** The role query. */
  readonly query?: { readonly queries: QueryRunner; readonly live: LiveHub };
  /** Absent in a process that does not have the role query. */
  readonly audit?: Audit;
  /** Absent in a process that does not have the roles for it. */
  readonly quarantine?: QuarantineDesk;
  readonly stream: StreamLog;
  /** Each dependency of `/health/ready` by name. */
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  /** The other workers on this port: health and metrics speak for all of them. */
  readonly peers?: WorkerPeers;
  /** "*" allows every one. */
  readonly corsOrigins: readonly string[];
  /** Whether `/openapi.json`, `/asyncapi.json` and `/docs` are served; default true. */
  readonly docs?: boolean;
  /** Who may call the routes for those who run the server; default "loopback". */
  readonly operators?: OperatorAccess;
  /** Of a request, as sent and after decompression. */
  readonly maxBodyBytes: number;
  /** Bytes of request bodies held at one time; default 256 MiB. */
  readonly maxBufferedBytes?: number;
  /** A folder to serve at `/`. */
  readonly staticDir?: string;
  readonly log: Log;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** The fixed routes, as the contract names them. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /** `/health/ready` says no from now on; everything else goes on. */
  leave(): void;
  /**
   * Stops listening, waits for requests under way (default 5 s), and as long as `lingerMs` (default 0) for one more on connections
   * that are open, then closes every connection. Safe to call twice.
   */
  close(limits?: { readonly limitMs?: number; readonly lingerMs?: number }): Promise<void>;
}

const CLOSE_LIMIT_MS = 5_000;

/** Rejects with MooseError `port_in_use`. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { catalog, metrics, log } = options;
  const cors = createCorsPolicy(options.corsOrigins);
  const decompress = createDecompress();
  let url = "";
  let leaving = false;
  const { ingest, query, maxBodyBytes, operators = "loopback", docs = true } = options;
  const peers = options.peers === undefined ? {} : { peers: options.peers };
  const routes: readonly Route[] = [
    ...(ingest === undefined ? withoutRole("ingest") : ingestRoutes({ ...ingest, decompress, maxBodyBytes })),
    ...(query === undefined
      ? withoutRole("query")
      : [
          ...queryRoutes({ queries: query.queries, decompress }),
          ...liveRoutes,
          ...(docs ? [...openApiRoutes(catalog, () => url), ...docsRoutes()] : []),
          ...catalogRoutes(catalog, options.stream),
        ]),
    ...forOperators([...quarantineRoutes(options.quarantine), ...auditRoutes(options.audit)], operators),
    ...healthRoutes({ checks: options.health, leaving: () => leaving, ...peers }),
    ...metricsRoutes(metrics, options.peers),
  ];
  const router = new Router(routes);
  const staticFiles = options.staticDir === undefined ? undefined : createStaticFiles(options.staticDir);
  if (query !== undefined) metrics.countSubscriptions(() => query.live.subscriptionCount());

  function answer(exchange: UwsExchange): void | Promise<void> {
    if (exchange.method === "OPTIONS") return answerOptions(exchange);
    const match = router.find(exchange.method, exchange.path);
    if (match !== undefined) {
      exchange.route = match.route.path;
      return match.route.handler(exchange, match.parameters);
    }
    const reads = exchange.method === "GET" || exchange.method === "HEAD";
    if (staticFiles === undefined || !reads) {
      throw new MooseError("not_found", `Nothing is at ${exchange.path.slice(0, 200)}.`);
    }
    exchange.route = "static";
    return staticFiles(exchange);
  }

  function answerOptions(exchange: UwsExchange): void {
    exchange.route = "options";
    const methods = exchange.path === "*" ? ["GET", "HEAD", "POST", "OPTIONS"] : router.methods(exchange.path);
    if (methods.length === 0) throw new MooseError("not_found", `Nothing is at ${exchange.path.slice(0, 200)}.`);
    exchange.reply(204, "", "", [["allow", methods.join(", ")], ...cors.preflight]);
  }

  function fail(exchange: UwsExchange, error: unknown): void {
    if (error instanceof PeerLeft) return;
    const { requestId } = exchange;
    if (!(error instanceof MooseError) && !exchange.signal.aborted) {
      log.error("A request failed", { requestId, route: exchange.route, cause: describe(error) });
    }
    if (exchange.answered) return;
    const { status, problem, headers } = toProblem(error, requestId);
    exchange.reply(status, PROBLEM_TYPE, JSON.stringify(problem), headers);
  }

  const listener = await listenWithUws({
    host: options.host,
    port: options.port,
    sharePort: options.sharePort ?? false,
    maxBufferedBytes: options.maxBufferedBytes ?? 256 * 1024 * 1024,
    corsHeaders: (origin) => cors.headersFor(origin),
    handle(exchange) {
      try {
        const answered = answer(exchange);
        if (answered !== undefined) {
          const settled = (): void => exchange.releaseBody();
          answered.catch((error: unknown) => fail(exchange, error)).then(settled, settled);
        }
      } catch (error) {
        fail(exchange, error);
      }
    },
    finished(exchange, status) {
      const seconds = (performance.now() - exchange.startedAtMs) / 1000;
      metrics.requested(exchange.route === "" ? "none" : exchange.route, status, seconds);
    },
    socket: query && liveEndpoint(query.live, cors),
    refuseUpgrade: fail,
  });
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  url = `http://${host}:${listener.port}`;
  return {
    url,
    port: listener.port,
    routes: routes.map(({ method, path }) => ({ method, path })),
    leave() {
      leaving = true;
    },
    close({ limitMs = CLOSE_LIMIT_MS, lingerMs = 0 } = {}) {
      leaving = true;
      return listener.close({ limitMs, lingerMs });
    },
  };
}

/** For the log only: the reply says nothing of it. */
const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
