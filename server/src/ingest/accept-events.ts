// Hot path: takes a body of events, stores the good rows durably and answers for every row. Nothing here is per event.
import type { ModelCore, RowError } from "@moose/core";
import { ByteBudget } from "../model/byte-budget.ts";
import { MooseError } from "../model/errors.ts";
import { encodePosition } from "../model/position.ts";
import type { Catalog, CatalogModel } from "../ports/catalog.ts";
import type { IdempotencyStore } from "../ports/idempotency-store.ts";
import type { AppendResult, StreamLog } from "../ports/stream-log.ts";
import type { IngestMetrics } from "../telemetry/metrics.ts";
import type { BodyFormat } from "./cut-body.ts";
import { judgeBody } from "./judge-body.ts";
import { type AppendOnce, createOncePerKey, digestOf } from "./once-per-key.ts";

export type IngestMode = "partial" | "atomic" | "dry-run";

export interface AcceptRequest {
  readonly model: string;
  /** The newest when absent. */
  readonly version?: string;
  readonly body: Uint8Array;
  readonly format: BodyFormat;
  readonly mode: IngestMode;
  readonly idempotencyKey?: string;
}

export interface IngestReply {
  /** 200: every row was accepted; 207: some were; 422: none. */
  readonly status: 200 | 207 | 422;
  readonly accepted: number;
  readonly rejected: number;
  readonly duplicates: number;
  readonly errors: readonly RowError[];
  readonly errorsTruncated: boolean;
  readonly position: string;
}

/**
 * Resolves when the accepted rows are durable. Rejects with MooseError `unknown_model`, `malformed_body`, `body_too_large`,
 * `idempotency_key_reused`, `overloaded`, `log_unavailable`, `disk_full`; then nothing was stored.
 */
export type AcceptEvents = (request: AcceptRequest) => Promise<IngestReply>;

export interface IngestLimits {
  /** Core.maxInputBytes; larger bodies are validated in slices. */
  readonly maxInputBytes: number;
  /** Bytes of bodies that wait for the log at one time; default 256 MiB. */
  readonly maxBytesInFlight?: number;
  /** Errors in one reply; default 100. */
  readonly maxErrors?: number;
}

export interface AcceptEventsOptions {
  readonly catalog: Catalog;
  readonly stream: StreamLog;
  readonly limits: IngestLimits;
  /** Of a stream that is new. Default 1. */
  readonly partitions?: number;
  /** Without it idempotency keys are refused rather than ignored. */
  readonly idempotency?: IdempotencyStore;
  readonly metrics?: IngestMetrics;
  readonly now?: () => number;
}

export function createAcceptEvents(options: AcceptEventsOptions): AcceptEvents {
  const { catalog, stream, metrics, partitions = 1, now = Date.now } = options;
  const limits = { maxInputBytes: options.limits.maxInputBytes, maxErrors: options.limits.maxErrors ?? 100 };
  const budget = new ByteBudget(options.limits.maxBytesInFlight ?? 256 * 1024 * 1024, "events");
  const once = options.idempotency && createOncePerKey<IngestReply>(options.idempotency, stream, now);
  const prepared = new WeakMap<ModelCore, true>();

  /** The stream exists, and the schema is kept beside it, before the first row under that schema is. */
  async function prepare(model: CatalogModel): Promise<void> {
    await stream.ensureStream(model.stream, { partitions });
    await stream.saveSchema(model.core.schemaId, JSON.stringify(model.core.spec));
    prepared.set(model.core, true);
  }

  async function judgeAndStore(model: CatalogModel, request: AcceptRequest, append: AppendOnce): Promise<IngestReply> {
    const verdict = judgeBody(model.core, request.body, request.format, limits);
    const { rejected, errors, errorsTruncated } = verdict;
    const refused = request.mode === "atomic" && rejected > 0;
    const accepted = refused ? 0 : verdict.accepted;
    let position = nothingStored;
    if (accepted > 0 && request.mode !== "dry-run") {
      if (!prepared.has(model.core)) await prepare(model);
      const begunMs = performance.now();
      const records = { ...verdict.collect(), schemaId: model.core.schemaId, receivedAtMs: now() };
      const appended = await append(model.stream, records);
      position = positionAfter(model.stream, stream.partitions(model.stream), appended);
      metrics?.appended(model.stream, accepted, (performance.now() - begunMs) / 1000);
    }
    if (request.mode !== "dry-run") {
      metrics?.ingested(model.core.spec.name, accepted, rejected, request.body.length);
    }
    const status = rejected === 0 ? 200 : accepted === 0 ? 422 : 207;
    return { status, accepted, rejected, duplicates: 0, errors, errorsTruncated, position };
  }

  const append: AppendOnce = (name, records) => stream.append(name, records);

  return async (request) => {
    const model = catalog.model(request.model, request.version);
    if (model === undefined) throw unknownModel(catalog, request.model, request.version);
    budget.take(request.body.length);
    try {
      const key = request.idempotencyKey;
      if (key === undefined || request.mode === "dry-run") return await judgeAndStore(model, request, append);
      if (once === undefined) {
        throw new MooseError(
          "invalid_parameter",
          "This server keeps no idempotency keys. Send the request without one.",
        );
      }
      const digest = digestOf([request.model, request.version ?? "", request.mode, request.format], request.body);
      return await once.run(key, digest, (appendOnce) => judgeAndStore(model, request, appendOnce));
    } finally {
      budget.giveBack(request.body.length);
    }
  };
}

const nothingStored = encodePosition(new Map());

function positionAfter(stream: string, partitions: number, appended: readonly AppendResult[]): string {
  const offsets = new Array<number>(partitions).fill(0);
  for (const { partition, baseOffset, count } of appended) offsets[partition] = baseOffset + count;
  return encodePosition(new Map([[stream, offsets]]));
}

function unknownModel(catalog: Catalog, name: string, version: string | undefined): MooseError {
  const known = catalog.state.models.get(name);
  if (known !== undefined) {
    return new MooseError(
      "unknown_model",
      `The model ${name} has no version "${version}". Its newest version is ${known.core.spec.version}.`,
      { extra: { versions: [known.core.spec.version] } },
    );
  }
  const names = [...catalog.state.models.keys()].sort();
  const some = names.length === 0 ? "The project has none yet." : `The project has: ${names.slice(0, 20).join(", ")}.`;
  return new MooseError("unknown_model", `No model is named "${name.slice(0, 100)}". ${some}`);
}
