// Keeps the process of one function up: gives it slices, starts it again when it ended, and exchanges it for new code.
import type { FunctionLimits } from "../model/function-spec.ts";
import type { Log } from "../telemetry/log.ts";
import { FunctionProcess, type ProcessCommand, type ProcessEnd } from "./function-process.ts";
import type { FailureCode, FromProcess, SliceHead, SliceResult, SliceSchema } from "./runtime/slice.ts";

export interface SliceWork {
  readonly stream: string;
  readonly partition: number;
  readonly schema: SliceSchema;
  /** Offset of each event, and when it was received. */
  readonly offsets: readonly number[];
  readonly receivedAtMs: readonly number[];
  /** Native block of the events, and the JSON text of each: a process takes one or the other. */
  readonly block: Uint8Array;
  text(event: number): Uint8Array;
  readonly idleMs?: number;
  /** The partition's committed state, for a process that does not have it yet. Absent: the function has none. */
  readonly state?: ReadonlyMap<string, string>;
}

export type SliceOutcome =
  | { readonly kind: "done"; readonly result: SliceResult }
  /** Nothing came of it. `suspect`: the event that ran when the process ended, -1 when that is not known; absent: another one's fault. */
  | {
      readonly kind: "died";
      readonly code: FailureCode;
      readonly message: string;
      readonly stack: string;
      readonly suspect?: number;
    };

export interface SupervisorOptions {
  readonly name: string;
  readonly command: ProcessCommand;
  readonly limits: FunctionLimits;
  readonly log: Log;
  /** How long a slice under way may take to finish when the code changed. Default 500 ms. */
  readonly graceMs?: number;
  readonly onRestart?: () => void;
}

interface UnderWay {
  readonly work: SliceWork;
  readonly number: number;
  resolve(outcome: SliceOutcome): void;
}

/** One life of the process. */
interface Life {
  readonly process: FunctionProcess;
  readonly schemas: Set<string>;
  readonly restored: Set<string>;
  /** By number: in the order in which they were given. */
  readonly underWay: Map<number, UnderWay>;
  ready: boolean;
}

const GRACE_MS = 500;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;

export class FunctionSupervisor {
  readonly #options: SupervisorOptions;
  #command: ProcessCommand;
  #limits: FunctionLimits;
  #life: Life | undefined;
  /** Slices that wait for a process that is ready. */
  readonly #waiting: UnderWay[] = [];
  #numbers = 0;
  #backoffMs = 0;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#command = options.command;
    this.#limits = options.limits;
  }

  get limits(): FunctionLimits {
    return this.#limits;
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.#life?.process.pid;
  }

  start(): void {
    this.#start();
  }

  /** Resolves when the process has answered, or has ended; waits for one that can be started. */
  run(work: SliceWork): Promise<SliceOutcome> {
    return new Promise((resolve) => {
      const underWay: UnderWay = { work, number: ++this.#numbers, resolve };
      if (this.#stopped) return resolve(innocent("the function was stopped"));
      if (this.#life?.ready) this.#give(this.#life, underWay);
      else this.#waiting.push(underWay);
    });
  }

  /**
   * The process has to begin anew with this partition: what it holds of it is not what was committed. Slices of it that wait come to
   * nothing: they would bring the old state back.
   */
  forget(stream: string, partition: number): void {
    for (const underWay of this.#waiting.splice(0)) {
      if (underWay.work.stream !== stream || underWay.work.partition !== partition) this.#waiting.push(underWay);
      else underWay.resolve(innocent("the partition was given away"));
    }
    if (!this.#life?.restored.delete(nameOf({ stream, partition }))) return;
    this.#life.process.send({ kind: "forget", stream, partition });
  }

  /** New slices run with the new code at once; those under way finish within the grace, or come to nothing and are run again. */
  replace(command: ProcessCommand, limits: FunctionLimits): void {
    this.#command = command;
    this.#limits = limits;
    this.#backoffMs = 0;
    clearTimeout(this.#retry);
    const old = this.#life;
    this.#life = undefined;
    this.#start();
    if (old === undefined) return;
    if (old.underWay.size === 0) old.process.kill();
    else setTimeout(() => old.process.kill(), this.#options.graceMs ?? GRACE_MS);
  }

  /** Slices that wait or are under way come to nothing. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#life?.process.kill();
    for (const { resolve } of this.#waiting.splice(0)) resolve(innocent("the function was stopped"));
  }

  #start(): void {
    if (this.#stopped) return;
    const { name, log } = this.#options;
    const life: Life = {
      process: new FunctionProcess(this.#command, name, this.#limits, {
        message: (message) => this.#hear(life, message),
        output: (line, isError) => (isError ? log.warn(line) : log.info(line)),
        ended: (end) => this.#ended(life, end),
      }),
      schemas: new Set(),
      restored: new Set(),
      underWay: new Map(),
      ready: false,
    };
    this.#life = life;
  }

  #hear(life: Life, message: Exclude<FromProcess, { kind: "dying" }>): void {
    switch (message.kind) {
      case "ready":
        life.ready = true;
        if (life === this.#life) for (const underWay of this.#waiting.splice(0)) this.#give(life, underWay);
        break;
      case "log":
        this.#options.log[message.level](message.message, message.fields);
        break;
      case "done":
        this.#backoffMs = 0;
        this.#settle(life, message.number, { kind: "done", result: message.result });
        break;
      case "refused": {
        const { message: reason, stack } = message;
        this.#settle(life, message.number, {
          kind: "died",
          code: "function_ended",
          message: reason,
          stack,
          suspect: -1,
        });
        break;
      }
    }
  }

  #settle(life: Life, number: number, outcome: SliceOutcome): void {
    life.underWay.get(number)?.resolve(outcome);
    life.underWay.delete(number);
    // An old one is kept only for what it has under way.
    if (life !== this.#life && life.underWay.size === 0) life.process.kill();
  }

  #give(life: Life, underWay: UnderWay): void {
    const { work, number } = underWay;
    const { stream, partition, schema, idleMs, state } = work;
    const name = nameOf(work);
    life.underWay.set(number, underWay);
    if (!life.schemas.has(schema.id)) life.process.send({ kind: "schema", schema });
    life.schemas.add(schema.id);
    if (state !== undefined && !life.restored.has(name)) {
      life.process.send({ kind: "restore", stream, partition, entries: [...state] });
      life.restored.add(name);
    }
    const isJson = this.#command.payload === "json";
    const head: SliceHead = {
      number,
      stream,
      partition,
      schemaId: schema.id,
      events: work.offsets.length,
      ...(isJson ? { offsets: work.offsets, receivedAtMs: work.receivedAtMs } : {}),
      ...(idleMs === undefined ? {} : { idleMs }),
    };
    life.process.send({ kind: "slice", slice: head }, isJson ? linesOf(work) : work.block);
  }

  #ended(life: Life, { dying, how, aborted }: ProcessEnd): void {
    const wasReplaced = life !== this.#life;
    const message = dying?.message ?? `the function's process ended: ${how}`;
    const stack = dying?.stack ?? "";
    for (const underWay of life.underWay.values()) {
      const suspect = suspectOf(underWay, life, dying);
      if (wasReplaced || this.#stopped || suspect === undefined) underWay.resolve(innocent(message));
      else
        underWay.resolve({
          kind: "died",
          code: dying?.code ?? (aborted ? "function_memory" : "function_ended"),
          message,
          stack,
          suspect,
        });
    }
    life.underWay.clear();
    if (wasReplaced || this.#stopped) return;
    const { log, onRestart } = this.#options;
    onRestart?.();
    if (life.ready) log.warn("the function's process ended and is started again", { reason: message });
    else log.error("the function cannot be started; its events wait", { reason: stack === "" ? message : stack });
    this.#life = undefined;
    this.#retry = setTimeout(() => this.#start(), this.#backoffMs);
    this.#backoffMs = Math.min(LONGEST_BACKOFF_MS, Math.max(FIRST_BACKOFF_MS, this.#backoffMs * 2));
  }
}

const nameOf = ({ stream, partition }: { stream: string; partition: number }): string => `${stream}/${partition}`;

function linesOf({ offsets, text }: SliceWork): Uint8Array {
  const end = Buffer.from("\n");
  return Buffer.concat(offsets.flatMap((_, event) => [text(event), end]));
}

/** The event that ran when the process ended; -1 when that is not known, undefined when it was none of this slice. */
function suspectOf({ number }: UnderWay, life: Life, dying: ProcessEnd["dying"]): number | undefined {
  if (dying === undefined) {
    // One slice runs at a time, in the order in which they were given.
    const [oldest] = life.underWay.keys();
    return number === oldest ? -1 : undefined;
  }
  const suspects = dying.suspects.filter(({ slice }) => slice === number);
  if (suspects.length === 0) return undefined;
  return suspects.length === 1 ? suspects[0]!.event : -1;
}

const innocent = (message: string): SliceOutcome => ({ kind: "died", code: "function_ended", message, stack: "" });
