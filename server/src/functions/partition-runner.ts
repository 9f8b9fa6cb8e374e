// Moves one partition of one stream through a function: read, run, and store what came of it together with the progress.
import type { Clock } from "../lib/clock.ts";
import { retryDelayMs } from "../lib/retry-delay.ts";
import { Wake } from "../lib/wake.ts";
import { MooseError } from "../model/errors.ts";
import { addSlice, decodeAccount, encodeAccount, type FunctionAccount, newAccount } from "../model/function-account.ts";
import type { FunctionSpec } from "../model/function-spec.ts";
import { functionStateStream } from "../model/manifest.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Quarantine } from "../ports/quarantine.ts";
import type { AppendResult, StreamLog } from "../ports/stream-log.ts";
import type { FunctionMetrics } from "../telemetry/function-metrics.ts";
import type { Log } from "../telemetry/log.ts";
import type { FunctionSupervisor } from "./function-supervisor.ts";
import { type PreparedSlice, readSlice } from "./read-slice.ts";
import type { ReadingCores } from "./reading-cores.ts";
import type { SliceResult, SliceSchema } from "./runtime/slice.ts";
import { accountSlice } from "./slice-account.ts";
import { type Append, sliceRecords } from "./slice-records.ts";
import { StateLog } from "./state-log.ts";
import { failedSlice, Suspicion } from "./suspicion.ts";

/** What the partitions of all functions share. */
export interface FunctionSurroundings {
  readonly log: StreamLog;
  readonly catalog: Catalog;
  readonly cores: ReadingCores;
  readonly quarantine: Quarantine;
  readonly metrics: FunctionMetrics;
  readonly clock: Clock;
  readonly random: () => number;
  /** Wall clock, for what is written down. */
  readonly nowMs: () => number;
  /** Partitions of a stream that is new. */
  readonly partitions: number;
}

export interface PartitionRunnerOptions extends FunctionSurroundings {
  readonly group: string;
  readonly stream: string;
  readonly partition: number;
  /** Asked before each slice: a reload may change it. */
  readonly spec: () => FunctionSpec;
  readonly supervisor: FunctionSupervisor;
  readonly logger: Log;
  readonly signal: AbortSignal;
}

const NOTHING = new Uint8Array(0);
const NO_SCHEMA: SliceSchema = { id: "", model: "", fields: [] };
const NO_EVENTS = { schema: NO_SCHEMA, offsets: [], receivedAtMs: [], block: NOTHING, text: () => NOTHING };
const SUMMARY_MS = 5_000;
/** Appends wake a runner; one whose wake was lost, as when the log was away, finds them all the same. */
const LOOK_EVERY_MS = 1_000;

export class PartitionRunner {
  readonly #options: PartitionRunnerOptions;
  readonly #wake = new Wake();
  readonly #suspicion = new Suspicion();
  #next = 0;
  #account: FunctionAccount = newAccount(0, 0);
  #state: StateLog | undefined;
  #lastEventMs: number;
  #lastComplaintMs = Number.NEGATIVE_INFINITY;

  constructor(options: PartitionRunnerOptions) {
    this.#options = options;
    this.#lastEventMs = options.clock.nowMs();
  }

  /** Something was appended. */
  wake(): void {
    this.#wake.notify();
  }

  /**
   * Runs until the signal ends. What is under way then is not stored. When another process has the partition it begins anew with
   * what that one has saved: either the group takes the partition away soon, or it is this one's again.
   */
  async run(): Promise<void> {
    const { signal, clock, random, supervisor, stream, partition } = this.#options;
    let opened = false;
    for (let attempt = 1; !signal.aborted; ) {
      try {
        if (!opened) await this.#open();
        opened = true;
        await this.#step();
        attempt = 1;
      } catch (error) {
        if (signal.aborted) break;
        if (isFenced(error)) opened = false;
        // What cannot be read before it is open is its state: there is no going on without it.
        if (opened && this.#stepOver(error)) continue;
        this.#complain(error);
        await clock.wait(retryDelayMs(attempt++, random()), signal);
      }
    }
    supervisor.forget(stream, partition);
  }

  async #open(): Promise<void> {
    const { log, group, stream, partition, spec, supervisor, nowMs } = this.#options;
    // Whoever had the partition here before may not have ended yet.
    supervisor.forget(stream, partition);
    const { committed, account } = await log.progress(group, stream, partition);
    this.#next = committed;
    this.#account = decodeAccount(account) ?? newAccount(committed, nowMs());
    this.#state = undefined;
    if (!hasState(spec())) return;
    const name = functionStateStream(spec().name, stream);
    await log.ensureStream(name, { partitions: log.partitions(stream) });
    this.#state = await StateLog.open(log, name, partition, committed);
  }

  async #step(): Promise<void> {
    const { log, cores, stream, partition, supervisor, clock, signal } = this.#options;
    if (log.endOffset(stream, partition) <= this.#next) {
      await this.#wake.sleep(clock, this.#idleWaitMs(), signal);
      if (!signal.aborted && log.endOffset(stream, partition) <= this.#next) await this.#idle();
      return;
    }
    const mostRows = this.#suspicion.rowsFrom(this.#next, supervisor.limits.batchRows);
    const slice = await readSlice({ log, stream, partition }, cores, this.#next, mostRows);
    if (slice === undefined) return;
    const begunMs = clock.nowMs();
    const result = slice.offsets.length === 0 ? nothing : await this.#run(slice);
    if (result === undefined) return;
    await this.#store(slice, slice.last, result, (clock.nowMs() - begunMs) / 1000);
    this.#lastEventMs = clock.nowMs();
  }

  /** Undefined: nothing came of it, and it is run again. */
  async #run(slice: PreparedSlice): Promise<SliceResult | undefined> {
    const { supervisor, stream, partition, signal } = this.#options;
    if (signal.aborted) return undefined;
    const state = this.#state === undefined ? {} : { state: this.#state.entries };
    const outcome = await unlessAborted(supervisor.run({ ...slice, stream, partition, ...state }), signal);
    if (outcome === undefined) return undefined;
    if (outcome.kind === "done") return outcome.result;
    const failure = this.#suspicion.died(slice, outcome, supervisor.limits.retries);
    return failure === undefined ? undefined : failedSlice(failure);
  }

  async #store(slice: PreparedSlice | undefined, last: number, result: SliceResult, runSeconds: number): Promise<void> {
    const { log, stream, partition, metrics, spec, nowMs } = this.#options;
    const state = this.#state;
    const now = nowMs();
    const { appends, counts, emitted, refused } = await sliceRecords(
      { ...this.#options, name: spec().name, nowMs: now, ...(state === undefined ? {} : { state }) },
      { first: this.#next, last },
      slice,
      result,
    );
    const range = { first: this.#next, last };
    const account = addSlice(this.#account, accountSlice({ ...range, slice, result, emitted, refused }));
    await this.#commit(last, account, appends);
    state?.apply(result.changes);
    this.#next = last;
    this.#account = account;
    this.#suspicion.passed(last);
    const latencySeconds = Math.max(0, nowMs() - (slice?.receivedAtMs[0] ?? now)) / 1000;
    metrics.functionRan(spec().name, counts, runSeconds, latencySeconds);
    metrics.functionLag(spec().name, stream, partition, log.endOffset(stream, partition) - last);
    const snapshot = state?.snapshot(last, now) ?? [];
    let snapshotOffset: number | undefined;
    for (const append of snapshot) {
      const [stored] = await this.#commit(last, account, [append]);
      snapshotOffset ??= stored![0]!.baseOffset;
    }
    if (snapshotOffset !== undefined) await state!.snapshotStored(snapshotOffset);
  }

  /** The function has run: what it came to is stored as soon as the log takes it, and not run again for that. */
  async #commit(
    committed: number,
    account: FunctionAccount,
    appends: readonly Append[],
  ): Promise<readonly (readonly AppendResult[])[]> {
    const { log, group, stream, partition, clock, random, signal } = this.#options;
    const commit = { stream, partition, progress: { committed, account: encodeAccount(account) }, appends };
    for (let attempt = 1; ; attempt++) {
      try {
        return await log.commit(group, commit);
      } catch (error) {
        if (signal.aborted || isFenced(error)) throw error;
        this.#complain(error);
        await clock.wait(retryDelayMs(attempt, random()), signal);
      }
    }
  }

  #idleWaitMs(): number {
    const idleAfterMs = this.#options.spec().window?.idleAfterMs;
    if (idleAfterMs === undefined || !this.#hasOpenWindows()) return LOOK_EVERY_MS;
    return Math.max(0, Math.min(LOOK_EVERY_MS, this.#lastEventMs + idleAfterMs - this.#options.clock.nowMs()));
  }

  #hasOpenWindows(): boolean {
    for (const entry of this.#state?.entries.keys() ?? []) if (entry.startsWith("w:")) return true;
    return false;
  }

  /** No event came for long enough: the watermark follows the clock. */
  async #idle(): Promise<void> {
    const { supervisor, stream, partition, clock, spec } = this.#options;
    const idleAfterMs = spec().window?.idleAfterMs;
    const nowMs = clock.nowMs();
    const idleMs = Math.floor(nowMs - this.#lastEventMs);
    if (idleAfterMs === undefined || idleMs < idleAfterMs || !this.#hasOpenWindows()) return;
    const run = supervisor.run({ ...NO_EVENTS, stream, partition, idleMs, state: this.#state!.entries });
    const outcome = await unlessAborted(run, this.#options.signal);
    if (outcome === undefined) return;
    if (outcome.kind === "died") throw new Error(outcome.message);
    await this.#store(undefined, this.#next, outcome.result, (clock.nowMs() - nowMs) / 1000);
    this.#lastEventMs = nowMs;
  }

  /** Over events that nobody can read any more: the table writer says what they were. */
  #stepOver(error: unknown): boolean {
    if (!(error instanceof MooseError)) return false;
    const { startOffset, nextOffset } = error.extra;
    const to = error.code === "offset_trimmed" ? startOffset : nextOffset;
    if (typeof to !== "number" || to <= this.#next) return false;
    const { logger, stream, partition } = this.#options;
    // A new function begins at what is still there; nothing was promised to it.
    if (this.#next > 0 || error.code !== "offset_trimmed") {
      logger.error("events that cannot be read any more are left out", { stream, partition, from: this.#next, to });
    }
    const isFirst = this.#next === this.#account.begin;
    this.#account = isFirst
      ? { ...this.#account, begin: to }
      : { ...this.#account, unreadable: this.#account.unreadable + to - this.#next };
    this.#next = to;
    return true;
  }

  #complain(error: unknown): void {
    const { clock, logger, stream, partition } = this.#options;
    if (clock.nowMs() - this.#lastComplaintMs < SUMMARY_MS) return;
    this.#lastComplaintMs = clock.nowMs();
    const reason = error instanceof Error ? error.message : String(error);
    logger.warn("a slice could not be stored or read; trying again", { stream, partition, offset: this.#next, reason });
  }
}

const isFenced = (error: unknown): boolean => error instanceof MooseError && error.code === "fenced";

/** A slice that outlives the signal comes to nothing: another process begins it anew. */
function unlessAborted<T>(run: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(undefined);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    run.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

const nothing: SliceResult = { outputs: [], failures: [], retried: 0, dropped: 0, changes: [] };
export const hasState = ({ mode }: FunctionSpec): boolean => mode === "state" || mode === "window";
