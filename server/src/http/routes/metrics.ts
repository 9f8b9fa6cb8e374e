// `GET /metrics` for Prometheus: of this process, or of all workers that share its port.
import type { WorkerPeers } from "../../ports/worker-peers.ts";
import type { Metrics } from "../../telemetry/metrics.ts";
import { textOfWorkers } from "../../telemetry/worker-metrics.ts";
import type { Route } from "../http-types.ts";

export function metricsRoutes(metrics: Metrics, peers?: WorkerPeers): readonly Route[] {
  peers?.answer("metrics", () => metrics.snapshot());
  return [
    {
      method: "GET",
      path: "/metrics",
      handler: async (exchange) => {
        const text = peers === undefined ? metrics.text() : textOfAll(metrics, peers);
        exchange.reply(200, metrics.contentType, await text);
      },
    },
  ];
}

async function textOfAll(metrics: Metrics, peers: WorkerPeers): Promise<string> {
  const [snapshot, others] = await Promise.all([metrics.snapshot(), peers.ask("metrics")]);
  const all = [
    { worker: peers.worker, snapshot },
    ...others.map(({ worker, answer }) => ({ worker, ...(answer === undefined ? {} : { snapshot: answer }) })),
  ];
  return textOfWorkers(all.sort((a, b) => a.worker - b.worker));
}
