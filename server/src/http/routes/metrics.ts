// `GET /metrics` for Prometheus.
import type { Metrics } from "../../telemetry/metrics.ts";
import type { Route } from "../http-types.ts";

export const metricsRoutes = (metrics: Metrics): readonly Route[] => [
  {
    method: "GET",
    path: "/metrics",
    handler: async (exchange) => exchange.reply(200, metrics.contentType, await metrics.text()),
  },
];
