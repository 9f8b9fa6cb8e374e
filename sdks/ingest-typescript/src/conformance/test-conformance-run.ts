// Plays one conversation of the conformance set: a real client, virtual time, and a list of replies for a server.

import { createIngest } from "../create-ingest.ts";
import { isIngestError } from "../errors.ts";
import type { IngestDeliveryError, RejectedRows } from "../index.ts";
import type { Ingest } from "../ingest.ts";
import type { IngestSettings } from "../options.ts";
import { memoryQueue } from "../queue/memory-queue.ts";
import { ManualClock } from "../test-manual-clock.ts";
import { conformanceModels } from "./test-conformance-models.ts";

export interface Step {
  readonly send?: readonly [model: string, event: object];
  readonly sendMany?: readonly [model: string, events: readonly object[]];
  readonly advanceMs?: number;
  readonly flush?: true;
  readonly close?: true;
  readonly run?: true;
  readonly fails?: string;
}

export interface Reply {
  readonly ok?: true;
  readonly lost?: true;
  readonly hangs?: true;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly position?: string;
}

export interface SeenRequest {
  readonly atMs: number;
  readonly path: string;
  readonly key: string;
  readonly ids: string;
  readonly body: string;
}

export interface Played {
  readonly requests: readonly SeenRequest[];
  readonly errors: readonly IngestDeliveryError[];
  readonly rejected: readonly RejectedRows[];
  readonly failures: readonly unknown[];
  readonly metrics: Ingest<typeof conformanceModels>["metrics"];
}

/** Compact JSON, as the wire has it. */
export const bodyOf = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** Everything that is due without time passing has run: no step takes more turns of the event loop than this. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

export async function play(
  steps: readonly Step[],
  settings: Partial<IngestSettings> = {},
  replies: readonly Reply[] = [],
): Promise<Played> {
  const clock = new ManualClock(0);
  const requests: SeenRequest[] = [];
  const errors: IngestDeliveryError[] = [];
  const rejected: RejectedRows[] = [];
  const failures: unknown[] = [];
  const ingest = createIngest({
    concurrency: 1,
    compression: "none",
    ...settings,
    url: "http://moose",
    models: conformanceModels,
    queue: memoryQueue(),
    clock,
    random: () => 0.5,
    onError: (error) => errors.push(error),
    onRejected: (rows) => rejected.push(rows),
    fetch: async (url, init) => {
      const headers = new Headers(init.headers);
      const body = new TextDecoder().decode(init.body as Uint8Array);
      const reply = replies[requests.length] ?? { ok: true };
      requests.push({
        atMs: clock.monotonicMs(),
        path: new URL(url).pathname,
        key: headers.get("idempotency-key")!,
        ids: headers.get("moose-event-ids")!.split(";")[1]!,
        body,
      });
      return answer(reply, body.split("\n").length - 1, init.signal ?? undefined);
    },
  });
  for (const step of steps) {
    await take(ingest, clock, step, failures);
    await settled();
  }
  return { requests, errors, rejected, failures, metrics: ingest.metrics };
}

async function take(
  ingest: Ingest<typeof conformanceModels>,
  clock: ManualClock,
  step: Step,
  failures: unknown[],
): Promise<void> {
  const fails = (error: unknown): void => {
    if (!step.fails || !isIngestError(error) || error.code !== step.fails) throw error;
    failures.push(error);
  };
  // A flush is over when the answers are there, which a later step may bring.
  const ends = (done: Promise<unknown>): void => void done.catch(() => {});
  if (step.send) await ingest.send(step.send[0] as "Click", step.send[1] as never).catch(fails);
  else if (step.sendMany) await ingest.sendMany(step.sendMany[0] as "Click", step.sendMany[1] as never).catch(fails);
  else if (step.advanceMs !== undefined) clock.advance(step.advanceMs);
  else if (step.flush) ends(ingest.flush());
  else if (step.close) ends(ingest.close());
  else if (step.run) {
    while (ingest.metrics.queuedEvents > 0 && clock.pendingMs.length > 0) {
      clock.advance(clock.pendingMs[0]!);
      await settled();
    }
  } else throw new Error(`a step that is not known: ${JSON.stringify(step)}`);
}

function answer(reply: Reply, rows: number, signal: AbortSignal | undefined): Promise<Response> | Response {
  if (reply.lost) throw new TypeError("fetch failed");
  if (reply.hangs)
    return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error)));
  if (reply.ok) {
    const { position } = reply;
    return Response.json({ accepted: rows, rejected: 0, duplicates: 0, errors: [], errorsTruncated: false, position });
  }
  const body = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body ?? {});
  return new Response(body, { status: reply.status!, headers: reply.headers ?? {} });
}
