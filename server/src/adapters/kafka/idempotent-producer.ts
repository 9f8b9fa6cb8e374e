// Hot path: produces what appends left in the lanes, one request per broker at a time, each batch stored once however often it is sent.
import { setTimeout as delay } from "node:timers/promises";
import type { MooseError } from "../../model/errors.ts";
import type { NewRecords } from "../../model/record-batch.ts";
import type { AppendResult } from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
import { mustFit } from "./event-size.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { isRefusal, toMooseError } from "./kafka-errors.ts";
import { REQUEST_TIMEOUT_MS } from "./kafka-options.ts";
import { createErrorFromCode } from "./kafkajs-internals.ts";
import { PendingBytes } from "./pending-bytes.ts";
import type { LaneBatch, ProduceLane } from "./produce-lane.ts";
import type { ProducedPartition } from "./produce-request.ts";
import { produceRequest } from "./produce-request.ts";
import { judgeFailure } from "./produce-verdict.ts";
import { ProducerIdentities } from "./producer-identities.ts";
import { type ProducerIdentity, ProducerSession } from "./producer-session.ts";
import { claimLost, giveUp, overdue, refuse } from "./refuse-batch.ts";

export interface ProducerOptions {
  readonly connection: KafkaConnection;
  readonly log: Log;
  readonly maxPendingBytes: number;
  readonly appendTimeoutMs: number;
  /** A batch is stored; called before its appends resolve. `records` is valid during the call only. */
  onStored(lane: ProduceLane, baseOffset: number, records: Buffer): void;
}

const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
const RETRY_DELAY_MS = 100;
const SWEEP_MS = 250;

interface Sent {
  readonly lane: ProduceLane;
  readonly batch: LaneBatch;
  readonly session: ProducerSession;
  readonly records: Buffer;
}

export class IdempotentProducer {
  readonly #options: ProducerOptions;
  readonly #dirty = new Set<ProduceLane>();
  /** Brokers with a request under way. */
  readonly #busy = new Set<number>();
  readonly #stop = new AbortController();
  readonly #pending: PendingBytes;
  #scheduled = false;
  #recovery: Promise<void> | undefined;
  readonly #identities: ProducerIdentities;
  #sweeper: NodeJS.Timeout | undefined;
  #onDrained: (() => void)[] = [];

  constructor(options: ProducerOptions) {
    this.#options = options;
    this.#identities = new ProducerIdentities(options.connection);
    this.#pending = new PendingBytes(options.maxPendingBytes);
  }

  /** Under which claimed rows are produced: who claims them names it. Rejects with kafkajs's error when there is none in time. */
  async identity(): Promise<ProducerIdentity> {
    const { signal } = this.#stop;
    for (const deadline = performance.now() + this.#options.appendTimeoutMs; ; ) {
      try {
        return await this.#identities.current();
      } catch (error) {
        if (isRefusal(error) || signal.aborted || performance.now() > deadline) throw error;
        await delay(RETRY_DELAY_MS, undefined, { signal });
      }
    }
  }

  /** Copies the rows before it returns. Rejects with `overloaded`, `log_unavailable` or `body_too_large`. */
  append(lane: ProduceLane, records: NewRecords): Promise<AppendResult> {
    const bytes = records.bytes.length;
    mustFit(lane, records);
    return new Promise<AppendResult>((resolve, reject) => {
      const settle = this.#pending.take(bytes);
      const waiter = {
        count: records.ends.length,
        resolve: (result: AppendResult) => {
          settle();
          resolve(result);
        },
        reject: (error: Error) => {
          settle();
          reject(error);
        },
      };
      lane.add(records, waiter, performance.now() + this.#options.appendTimeoutMs);
      this.#dirty.add(lane);
      this.#schedule();
    });
  }

  /** As `PendingBytes.mustHaveRoom`. */
  mustHaveRoom(bytes: number): void {
    this.#pending.mustHaveRoom(bytes);
  }

  /** Resolves when nobody waits: each append has been stored or refused. */
  drained(): Promise<void> {
    return this.#isDrained() ? Promise.resolve() : new Promise((resolve) => this.#onDrained.push(resolve));
  }

  close(): void {
    this.#stop.abort();
    clearInterval(this.#sweeper);
  }

  #schedule(): void {
    if (this.#stop.signal.aborted) return;
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
    if (this.#scheduled) return;
    this.#scheduled = true;
    // Appends of the same turn of the event loop share a request.
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#stop.signal.aborted) return;
    const { connection } = this.#options;
    const byLeader = new Map<number, ProduceLane[]>();
    for (const lane of this.#dirty) {
      if (lane.sending) continue;
      if (lane.idle) {
        this.#dirty.delete(lane);
        continue;
      }
      const leader = connection.leader(lane.topic, lane.partition);
      if (leader === undefined) void this.#recover();
      else if (!this.#busy.has(leader)) byLeader.set(leader, [...(byLeader.get(leader) ?? []), lane]);
    }
    for (const [leader, lanes] of byLeader) void this.#send(leader, lanes);
    this.#tellDrained();
  }

  #isDrained(): boolean {
    return [...this.#dirty].every(({ answered }) => answered);
  }

  #tellDrained(): void {
    if (this.#onDrained.length > 0 && this.#isDrained()) for (const resolve of this.#onDrained.splice(0)) resolve();
  }

  async #send(leader: number, lanes: readonly ProduceLane[]): Promise<void> {
    this.#busy.add(leader);
    const taken: ProduceLane[] = [];
    let bytes = 0;
    for (const lane of lanes) {
      const batch = lane.take();
      if (batch === undefined || (bytes > 0 && bytes + batch.builder.bytes > MAX_REQUEST_BYTES)) continue;
      bytes += batch.builder.bytes;
      lane.sending = true;
      taken.push(lane);
    }
    let sent: readonly Sent[] = [];
    let failed = false;
    try {
      sent = (await Promise.all(taken.map((lane) => this.#seal(lane)))).filter((one) => one !== undefined);
      const { connection } = this.#options;
      const targets = sent.map(({ lane, records }) => ({ topic: lane.topic, partition: lane.partition, records }));
      const broker = await connection.broker(leader);
      for (const { batch } of sent) batch.attempts++;
      if (sent.length > 0)
        failed = !this.#settle(sent, await connection.send(broker, produceRequest(targets, REQUEST_TIMEOUT_MS)));
    } catch (error) {
      failed = true;
      this.#options.log.debug("A request to Kafka failed", { reason: (error as Error).message });
      for (const lane of taken) if (lane.current !== undefined) this.#failed(lane, error as Error);
    }
    for (const lane of taken) lane.sending = false;
    if (failed) await this.#recover();
    this.#busy.delete(leader);
    this.#pump();
  }

  /** Undefined: it may not be sent any more, and was refused. */
  async #seal(lane: ProduceLane): Promise<Sent | undefined> {
    const batch = lane.current!;
    // A batch that may be stored already keeps its identity and its number.
    if (batch.attempts === 0) {
      const identity = await this.#identities.current();
      if (lane.session?.identity !== identity) lane.session = new ProducerSession(identity);
    }
    const session = lane.session!;
    if (batch.holder !== undefined && batch.holder !== session.identity) {
      giveUp(lane, batch, claimLost(lane.stream));
      lane.finish();
      return undefined;
    }
    const { baseSequence, identity } = session;
    const records = batch.builder.seal({ ...identity, baseSequence, timestampMs: Date.now() });
    return { lane, batch, session, records };
  }

  /** False when something is to be sent again. */
  #settle(sent: readonly Sent[], produced: readonly ProducedPartition[]): boolean {
    let well = true;
    for (const { lane, batch, session, records } of sent) {
      const result = produced.find(({ topic, partition }) => topic === lane.topic && partition === lane.partition);
      const code = result?.errorCode ?? -1;
      if (code === 0 && result!.baseOffset >= 0) {
        session.advance(batch.builder.count);
        lane.finish();
        this.#stored(lane, batch, result!.baseOffset, records);
      } else {
        this.#failed(lane, createErrorFromCode(code));
        well &&= lane.current === undefined;
      }
    }
    return well;
  }

  #stored(lane: ProduceLane, batch: LaneBatch, baseOffset: number, records: Buffer): void {
    this.#options.onStored(lane, baseOffset, records);
    const { partition } = lane;
    for (const { waiter, endRow } of batch.endings)
      waiter.resolve({ partition, baseOffset: baseOffset + endRow - waiter.count, count: waiter.count });
  }

  #failed(lane: ProduceLane, error: Error): void {
    const batch = lane.current!;
    const verdict = judgeFailure(error, batch.attempts);
    const isOverdue = batch.abandoned || performance.now() > batch.deadlineMs;
    if (verdict === "again" && !isOverdue) return;
    if (verdict === "again" && batch.attempts > 0) {
      // The broker may have it, or may take it yet from a connection that is lost here: only its answer to the same sequence settles that.
      this.#abandon(lane, batch, toMooseError(error, `store events of "${lane.stream}"`));
      return;
    }
    // Whether the batch has used its sequence is not known: only a new identity is sure to be right.
    if (verdict === "renew" || verdict === "unknown") {
      this.#identities.giveUp(lane.session?.identity);
      lane.session = undefined;
    }
    const claimed = batch.holder !== undefined;
    if (verdict === "renew" && !isOverdue && !claimed) {
      batch.attempts = 0;
      return;
    }
    const reason =
      verdict === "renew" && claimed ? claimLost(lane.stream) : toMooseError(error, `store events of "${lane.stream}"`);
    if (!batch.abandoned) giveUp(lane, batch, reason);
    lane.finish();
  }

  /** Its appends are refused; it stays the lane's current one until what became of it is known. */
  #abandon(lane: ProduceLane, batch: LaneBatch, error: MooseError): void {
    if (batch.abandoned) return;
    batch.abandoned = true;
    giveUp(lane, batch, error);
    if (batch.attempts === 0 && !lane.sending) lane.finish();
  }

  /** Refuses what has waited for too long, so that nobody waits for a broker that hangs. */
  #sweep(): void {
    const now = performance.now();
    for (const lane of this.#dirty) {
      for (const batch of lane.takeOverdue(now)) refuse(batch, overdue(lane.stream));
      const { current } = lane;
      if (current !== undefined && current.deadlineMs <= now) this.#abandon(lane, current, overdue(lane.stream));
    }
    this.#tellDrained();
    if (this.#dirty.size > 0) this.#schedule();
  }

  /** Waits a moment and asks where the partitions are; calls at the same time share it. */
  #recover(): Promise<void> {
    this.#recovery ??= this.#lookAgain().finally(() => {
      this.#recovery = undefined;
      this.#schedule();
    });
    return this.#recovery;
  }

  async #lookAgain(): Promise<void> {
    try {
      await delay(RETRY_DELAY_MS, undefined, { signal: this.#stop.signal });
      await this.#options.connection.refresh();
    } catch (error) {
      this.#options.log.debug("Kafka's topics could not be looked up", { reason: (error as Error).message });
    }
  }
}
