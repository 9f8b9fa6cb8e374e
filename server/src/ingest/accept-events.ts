// Hot path: takes a body of events, stores the good rows durably and answers for every row. Nothing here is per event.
import type { ModelCore, RowError } from "@moose/core";
import { ByteBudget } from "../model/byte-budget.ts";
import { MooseError } from "../model/errors.ts";
import { type EventIdsHeader, eventIdsOf, requestIds } from "../model/event-ids.ts";
import type { Catalog, CatalogModel } from "../ports/catalog.ts";
import type { IdempotencyStore } from "../ports/idempotency-store.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { IngestMetrics } from "../telemetry/metrics.ts";
import type { BodyFormat } from "./cut-body.ts";
import type { EventIdIndex } from "./event-id-index.ts";
import { judgeBody, type Verdict } from "./judge-body.ts";
import type { KeepRefused } from "./keep-refused.ts";
import { type AppendOnce, createOncePerKey, digestOf } from "./once-per-key.ts";
import { nothingStored, type StoredRows, storeNewRows, storeRows } from "./store-rows.ts";

export type IngestMode = "partial" | "atomic" | "dry-run";

export interface AcceptRequest {
  readonly model: string;
  /** The newest when absent. */
  readonly version?: string;
  readonly body: Uint8Array;
  readonly format: BodyFormat;
  readonly mode: IngestMode;
  readonly idempotencyKey?: string;
  readonly eventIds?: EventIdsHeader;
  /** Whether refused rows are kept. Default: what the options say for the model. */
  readonly quarantine?: boolean;
  /** Stores the rows in another stream than the model's. */
  readonly intoStream?: string;
  /** Refusals reject with `rows_rejected`, and leave the idempotency key free for another try. */
  readonly throwRefused?: boolean;
}

export interface IngestReply {
  /** 200: every row was accepted; 207: some were; 422: none. */
  readonly status: 200 | 207 | 422;
  readonly accepted: number;
  readonly rejected: number;
  /** Rows whose ids show that they were stored before. */
  readonly duplicates: number;
  /** Rejected rows that are kept in quarantine; absent when it was off. */
  readonly quarantined?: number;
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
  /** Without it event ids are refused rather than ignored. */
  readonly eventIds?: EventIdIndex;
  /** Where refused rows are kept, and for which models when a request does not say. */
  readonly quarantine?: { readonly keep: KeepRefused; readonly isDefault: (model: string) => boolean };
  readonly metrics?: IngestMetrics;
  readonly now?: () => number;
}

export function createAcceptEvents(options: AcceptEventsOptions): AcceptEvents {
  const { catalog, stream, metrics, partitions = 1, now = Date.now } = options;
  const limits = { maxInputBytes: options.limits.maxInputBytes, maxErrors: options.limits.maxErrors ?? 100 };
  const budget = new ByteBudget(options.limits.maxBytesInFlight ?? 256 * 1024 * 1024, "events");
  const once = options.idempotency && createOncePerKey<IngestReply>(options.idempotency, stream, now);
  /** The stream that was last seen to know the schema. */
  const prepared = new WeakMap<ModelCore, string>();

  /** The stream exists, and the schema is kept beside it, before the first row under that schema is. */
  async function prepare(model: CatalogModel): Promise<void> {
    await stream.ensureStream(model.stream, { partitions });
    await stream.saveSchema(model.core.schemaId, JSON.stringify(model.core.spec));
    prepared.set(model.core, model.stream);
  }

  async function judgeAndStore(model: CatalogModel, request: AcceptRequest, run: Run): Promise<IngestReply> {
    const verdict = judgeBody(model.core, request.body, request.format, limits);
    const { rejected, errors, errorsTruncated } = verdict;
    if (rejected > 0 && request.throwRefused === true) throw refused(verdict);
    const takesNone = request.mode === "atomic" && rejected > 0;
    const counted = { rejected, errors, errorsTruncated };
    if (request.mode === "dry-run") {
      const accepted = takesNone ? 0 : verdict.accepted;
      return { ...counted, ...nothingStored, accepted, status: statusOf(accepted, rejected) };
    }
    const receivedAtMs = now();
    // What is refused whole stays the sender's to keep.
    const kept = takesNone || rejected === 0 ? undefined : keepRefused(model, request, verdict, receivedAtMs);
    const stored =
      takesNone || verdict.accepted === 0
        ? nothingStored
        : await store(model, request, verdict, { ...run, receivedAtMs });
    const quarantined = await kept;
    const { name } = model.core.spec;
    metrics?.ingested(name, stored.accepted, rejected, request.body.length);
    if (stored.duplicates > 0) metrics?.duplicates(name, stored.duplicates);
    const status = statusOf(stored.accepted + stored.duplicates, rejected);
    return { ...counted, ...stored, status, ...(quarantined === undefined ? undefined : { quarantined }) };
  }

  async function store(
    model: CatalogModel,
    request: AcceptRequest,
    verdict: Verdict,
    { append, digest, receivedAtMs }: Run & { receivedAtMs: number },
  ): Promise<StoredRows> {
    const into = request.intoStream === undefined ? model : { ...model, stream: request.intoStream };
    if (prepared.get(model.core) !== into.stream) await prepare(into);
    const begunMs = performance.now();
    const { eventIds: header } = request;
    const rows = verdict.accepted + verdict.rejected;
    const stored =
      header !== undefined
        ? await storeNewRows(stream, options.eventIds!, into, verdict, { header, receivedAtMs })
        : digest !== undefined && numbersRequests
          ? await storeRequest(into, verdict, { header: requestIds(digest, rows), receivedAtMs })
          : await storeRows(stream, into, verdict, append, receivedAtMs);
    metrics?.appended(into.stream, stored.accepted, (performance.now() - begunMs) / 1000);
    return stored;
  }

  /** What an earlier run of the same request has stored counts as this one's. */
  async function storeRequest(
    model: CatalogModel,
    verdict: Verdict,
    numbered: { header: EventIdsHeader; receivedAtMs: number },
  ): Promise<StoredRows> {
    const { position } = await storeNewRows(stream, options.eventIds!, model, verdict, numbered);
    return { accepted: verdict.accepted, duplicates: 0, position };
  }

  function keepRefused(
    { core, stream: name }: CatalogModel,
    { body, format, quarantine, idempotencyKey, eventIds }: AcceptRequest,
    verdict: Verdict,
    receivedAtMs: number,
  ): Promise<number> | undefined {
    const { keep, isDefault } = options.quarantine ?? {};
    if (keep === undefined || !(quarantine ?? isDefault!(core.spec.name))) return undefined;
    const { errors, errorsTruncated } = verdict;
    const rejectedRows = verdict.rejectedRows();
    const nameOf = rowNames(idempotencyKey, eventIds, verdict);
    const named = nameOf === undefined ? undefined : { nameOf };
    return keep({ core, stream: name, body, format, rejectedRows, errors, errorsTruncated, receivedAtMs, ...named });
  }

  // Where other processes may run the same request, or a part of it may be stored, its rows are known by their numbers.
  const numbersRequests = stream.claim !== undefined && options.eventIds !== undefined;
  const append: AppendOnce = (name, records) => stream.append(name, records);

  return async (request) => {
    const model = catalog.model(request.model, request.version);
    if (model === undefined) throw unknownModel(catalog, request.model, request.version);
    if (request.eventIds !== undefined && options.eventIds === undefined) throw notKept("event ids");
    budget.take(request.body.length);
    try {
      const key = request.idempotencyKey;
      if (key === undefined || request.mode === "dry-run") return await judgeAndStore(model, request, { append });
      if (once === undefined) throw notKept("idempotency keys");
      const digest = digestOf([request.model, request.version ?? "", request.mode, request.format], request.body);
      return await once.run(key, digest, (appendOnce) =>
        judgeAndStore(model, request, { append: appendOnce, digest: digestOf([key, digest], empty) }),
      );
    } finally {
      budget.giveBack(request.body.length);
    }
  };
}

/** One run of a request. */
interface Run {
  readonly append: AppendOnce;
  /** Of a request with an idempotency key: of the key, and of all that has to come again with it. */
  readonly digest?: string;
}

const empty = new Uint8Array();

const statusOf = (stored: number, rejected: number): IngestReply["status"] =>
  rejected === 0 ? 200 : stored === 0 ? 422 : 207;

/** What names a row among all requests: its id, or its place in a request that has a key. */
function rowNames(
  key: string | undefined,
  header: EventIdsHeader | undefined,
  verdict: Verdict,
): ((row: number) => string) | undefined {
  if (header !== undefined) {
    const { producer, sequences } = eventIdsOf(header, verdict.accepted + verdict.rejected);
    return (row) => `${producer};${sequences[row]}`;
  }
  return key === undefined ? undefined : (row) => `${key};row ${row}`;
}

const notKept = (what: string): MooseError =>
  new MooseError("invalid_parameter", `This server keeps no ${what}. Send the request without one.`);

const refused = ({ errors, errorsTruncated }: Verdict): MooseError =>
  new MooseError("rows_rejected", "The row is not valid.", { extra: { errors, errorsTruncated } });

function unknownModel(catalog: Catalog, name: string, version: string | undefined): MooseError {
  const known = catalog.state.models.get(name);
  if (known !== undefined && !known.system) {
    return new MooseError(
      "unknown_model",
      `The model ${name} has no version "${version}". Its newest version is ${known.core.spec.version}.`,
      { extra: { versions: [known.core.spec.version] } },
    );
  }
  const names = [...catalog.state.models]
    .filter(([, { system }]) => !system)
    .map(([known]) => known)
    .sort();
  const some = names.length === 0 ? "The project has none yet." : `The project has: ${names.slice(0, 20).join(", ")}.`;
  return new MooseError("unknown_model", `No model is named "${name.slice(0, 100)}". ${some}`);
}
