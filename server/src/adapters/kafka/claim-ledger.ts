// The topic in which processes claim rows before they store them: its order decides between two who want the same.
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { MooseError } from "../../model/errors.ts";
import type { NewRecords } from "../../model/record-batch.ts";
import type { ClaimedRows, RowClaim } from "../../model/row-claim.ts";
import type { AppendResult } from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
import type { FetchedPartition } from "./fetch-request.ts";
import { HeldClaim } from "./held-claim.ts";
import { toMooseError } from "./kafka-errors.ts";
import { type ClaimId, KnownClaims, type LedgerEntry, type OpenClaim } from "./known-claims.ts";
import type { ProducerIdentity } from "./producer-session.ts";
import { openRecordSet, RecordCursor } from "./record-set-cursor.ts";

/** Older claims are not asked about any more: a request that a broker holds back for longer may be stored after its repetition. */
export const CLAIM_WINDOW_MS = 10 * 60_000;
const MAX_NAMES = 200_000;
/** So long an earlier claim's holder may take, before it is fenced. */
const PATIENCE_MS = 1_000;
const LOOK_EVERY_MS = 20;
const READ_TIMEOUT_MS = 10_000;

export interface ClaimLedgerOptions {
  /** Makes the topic if need be; the offset from which on it holds the claims of the window. */
  open(): Promise<number>;
  append(entries: NewRecords): Promise<AppendResult>;
  /** What is there from the offset on, at once. */
  fetch(fromOffset: number): Promise<FetchedPartition>;
  /** Under which the rows will be produced. */
  identity(): Promise<ProducerIdentity>;
  /** Of each partition. */
  endOffsets(stream: string): readonly number[];
  /** Nothing of this producer is stored in the stream any more when it resolves. */
  fence(producer: ProducerIdentity, at: { readonly stream: string; readonly partitions: number }): Promise<void>;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 *   ledger  ── claim of P (rows 0-9, producer 7) ── claim of Q (rows 5-9, producer 8) ── settled: P ──▶
 *
 * Q reads up to its own claim, finds that P was first, and waits until P has settled. Over the limit Q fences P's producer: what P has sent
 * is in the stream by then, or never will be.
 */
export class ClaimLedger {
  readonly #options: ClaimLedgerOptions;
  readonly #process = randomUUID();
  readonly #known = new KnownClaims(this.#process, { windowMs: CLAIM_WINDOW_MS, maxNames: MAX_NAMES });
  #claims = 0;
  #opened: Promise<void> | undefined;
  #next = 0;
  #reading: Promise<void> | undefined;
  #settled: ClaimId[] = [];

  constructor(options: ClaimLedgerOptions) {
    this.#options = options;
  }

  /** As `StreamLog.claim` says. */
  async claim(rows: ClaimedRows): Promise<RowClaim> {
    try {
      return await this.#claim(rows);
    } catch (error) {
      throw toMooseError(error, `claim events of "${rows.stream}"`);
    }
  }

  /** Reads what was added, so that a claim has little to read; nothing before the first claim. */
  async keepUp(): Promise<void> {
    if (this.#opened === undefined) return;
    await this.#opened;
    await this.#readOn();
  }

  async #claim({ name, ranges, stream }: ClaimedRows): Promise<RowClaim> {
    await this.#open();
    const holder = await this.#options.identity();
    const id: ClaimId = [this.#process, this.#claims++];
    const fromOffsets = this.#options.endOffsets(stream);
    const producer = [String(holder.producerId), holder.producerEpoch] as const;
    const offset = await this.#write({ id, name, ranges, stream, fromOffsets, producer });
    await this.#readUpTo(offset + 1);
    const { open, settled } = this.#known.before(offset, { name, ranges, stream });
    await this.#outlast(open.filter(({ id: [process] }) => process !== this.#process));
    // What this process has claimed before and not settled is in doubt, and will be known when this one is settled.
    const doubtful = open.filter((claim) => claim.id[0] === this.#process).map((claim) => claim.id);
    return new HeldClaim(holder, [...settled, ...open], () => this.#settle([id, ...doubtful]));
  }

  #open(): Promise<void> {
    this.#opened ??= this.#options.open().then(
      (offset) => {
        this.#next = offset;
      },
      (error: unknown) => {
        this.#opened = undefined;
        throw error;
      },
    );
    return this.#opened;
  }

  /** Until each is settled, or fenced. */
  async #outlast(claims: readonly OpenClaim[]): Promise<void> {
    const { signal } = this.#options;
    const open = () => claims.filter(({ settled }) => !settled);
    for (const deadline = performance.now() + PATIENCE_MS; open().length > 0 && performance.now() < deadline; ) {
      await delay(LOOK_EVERY_MS, undefined, { signal });
      await this.#readOn();
    }
    const left = open();
    if (left.length === 0) return;
    const fences = new Map(left.map((claim) => [`${claim.producer} ${claim.stream}`, claim]));
    for (const { producer, stream, fromOffsets } of fences.values()) {
      const [producerId, producerEpoch] = producer;
      await this.#options.fence(
        { producerId: BigInt(producerId), producerEpoch },
        { stream, partitions: fromOffsets.length },
      );
    }
    this.#settle(left.map(({ id }) => id));
  }

  /** Nobody waits for it: who does not read it fences a claim that can store nothing any more. */
  #settle(ids: readonly ClaimId[]): void {
    this.#settled.push(...ids);
    if (this.#settled.length > ids.length) return;
    setImmediate(() => {
      this.#write({ settled: this.#settled.splice(0) }).catch((error: Error) =>
        this.#options.log.debug("What became of claims could not be told", { reason: error.message }),
      );
    });
  }

  async #write(entry: LedgerEntry): Promise<number> {
    const bytes = Buffer.from(`${JSON.stringify(entry)}\n`);
    const ends = Uint32Array.of(bytes.length - 1);
    const { baseOffset } = await this.#options.append({ bytes, ends, schemaId: "claim", receivedAtMs: Date.now() });
    return baseOffset;
  }

  async #readUpTo(offset: number): Promise<void> {
    for (const deadline = performance.now() + READ_TIMEOUT_MS; this.#next < offset; ) {
      const before = this.#next;
      await this.#readOn();
      if (this.#next > before) continue;
      if (performance.now() > deadline)
        throw new MooseError("log_unavailable", "Kafka did not show a claim in time. Send again a little later.", {
          retryAfterSeconds: 2,
        });
      await delay(1, undefined, { signal: this.#options.signal });
    }
  }

  /** Calls at the same time share a fetch. */
  #readOn(): Promise<void> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    const { records } = await this.#options.fetch(this.#next);
    const set = openRecordSet(records, this.#next);
    for (const batch of set.batches) {
      const cursor = new RecordCursor(batch);
      while (cursor.next()) if (cursor.offset >= this.#next) this.#apply(cursor);
    }
    this.#next = set.nextOffset;
  }

  #apply({ bytes, valueBegin, valueEnd, offset, timestampMs }: RecordCursor): void {
    let entry: LedgerEntry;
    try {
      entry = JSON.parse(bytes.toString("utf8", Math.max(0, valueBegin), valueEnd)) as LedgerEntry;
    } catch {
      // Not ours.
      return;
    }
    this.#known.apply(entry, offset, timestampMs);
  }
}
