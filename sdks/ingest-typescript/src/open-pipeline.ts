// Opens the pipeline of a client by its options, defaults filled in. Loaded with the core, when a client is created.
import { uuidV7 } from "./batch-key.ts";
import { systemClock } from "./clock.ts";
import { EventPipeline, type PipelineConfig } from "./event-pipeline.ts";
import { pageQuota } from "./keepalive-quota.ts";
import { defaults, type IngestSettings, reportError, reportRejected } from "./options.ts";
import { isPage } from "./page-lifecycle.ts";
import { defaultQueue } from "./queue/default-queue.ts";
import { joinPeers } from "./queue/queue-peers.ts";
import { defaultRetryPolicy } from "./retry-policy.ts";
import type { WaitingRoom } from "./waiting-room.ts";

/** Rejects with IngestError `queue_failed`. */
export function openPipeline(options: IngestSettings, room: WaitingRoom): Promise<EventPipeline> {
  return EventPipeline.open(pipelineConfig(options, room));
}

function pipelineConfig(options: IngestSettings, room: WaitingRoom): PipelineConfig {
  const { clock = systemClock, whenFull } = options;
  const url = options.url.replace(/\/+$/, "");
  return {
    url,
    room,
    clock,
    queue: options.queue ?? defaultQueue(),
    mayFallBack: options.queue === undefined,
    joinPeers: options.joinPeers ?? joinPeers,
    post: {
      baseUrl: url,
      headers: options.headers ?? {},
      fetch: options.fetch ?? ((to, init) => fetch(to, init)),
      compression: options.compression ?? "gzip",
      onAttempt: options.onAttempt,
    },
    random: options.random ?? Math.random,
    newKey: () => uuidV7(clock.nowMs()),
    limits: {
      maxBatchEvents: options.maxBatchEvents ?? defaults.maxBatchEvents,
      maxBatchBytes: options.maxBatchBytes ?? defaults.maxBatchBytes,
    },
    maxBatchAgeMs: options.maxBatchAgeMs ?? (isPage() ? defaults.pageBatchAgeMs : defaults.maxBatchAgeMs),
    concurrency: options.concurrency ?? defaults.concurrency,
    attemptTimeoutMs: options.attemptTimeoutMs ?? defaults.attemptTimeoutMs,
    retry: { ...defaultRetryPolicy, ...options.retry },
    quota: pageQuota,
    maxQueueBytes: options.maxQueueBytes ?? defaults.maxQueueBytes,
    sheds: whenFull === undefined ? undefined : whenFull === "shed",
    shedFirst: options.shedFirst ?? [],
    onError: options.onError ?? reportError,
    onRejected: options.onRejected ?? reportRejected,
  };
}
