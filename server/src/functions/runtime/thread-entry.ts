// The worker thread that runs a user's function: `serve` is called by the module that bundles the function with this file.
import { parentPort, workerData } from "node:worker_threads";
import type { FunctionLimits } from "../../model/function-spec.ts";
import type { FunctionLog } from "../api/function-context.ts";
import type { StreamFunction } from "../api/stream-function.ts";
import { describeThrown } from "./attempt.ts";
import { decodeSlice } from "./decode-events.ts";
import { type PartitionState, partitionState } from "./partition-state.ts";
import { type PreparedFunction, prepareFunction, type RunEnvironment } from "./prepared-function.ts";
import { runSlice } from "./run-slice.ts";
import { SharedBoard } from "./shared-board.ts";
import type { FromProcess, SliceHead, SliceSchema, ToProcess } from "./slice.ts";

export { functionSpec, isStreamFunction } from "../api/stream-function.ts";

export interface ThreadData {
  readonly name: string;
  readonly limits: FunctionLimits;
  /** See SharedBoard. */
  readonly board: SharedArrayBuffer;
}

/** What the process passes on to its thread. */
export interface ToThread {
  readonly message: ToProcess;
  readonly payload: Uint8Array;
}

/** Answers the process's messages until the thread is ended. */
export function serve(fn: StreamFunction, name: string): void {
  const { limits, board } = workerData as ThreadData;
  const shared = new SharedBoard(board);
  const thread = new FunctionThread(
    prepareFunction(fn, name, limits),
    {
      log: portLog(),
      board: shared,
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      random: Math.random,
    },
    shared,
  );
  parentPort!.on("message", ({ message, payload }: ToThread) => void thread.receive(message, payload));
  post({ kind: "ready" });
}

class FunctionThread {
  readonly #prepared: PreparedFunction;
  readonly #environment: RunEnvironment;
  readonly #board: SharedBoard;
  readonly #schemas = new Map<string, SliceSchema>();
  readonly #states = new Map<string, PartitionState>();
  #last: Promise<void> = Promise.resolve();

  constructor(prepared: PreparedFunction, environment: RunEnvironment, board: SharedBoard) {
    this.#prepared = prepared;
    this.#environment = environment;
    this.#board = board;
  }

  receive(message: ToProcess, payload: Uint8Array): void {
    switch (message.kind) {
      case "schema":
        this.#schemas.set(message.schema.id, message.schema);
        break;
      case "restore":
        // In its turn: a slice that was given before has the state of before, even if nobody waits for it any more.
        this.#last = this.#last.then(() => {
          this.#states.set(partitionName(message), partitionState(message.entries));
        });
        break;
      case "forget":
        this.#last = this.#last.then(() => {
          this.#states.delete(partitionName(message));
        });
        break;
      case "slice":
        // One slice at a time: `concurrency` is the limit of the whole process, and the board tells of one slice.
        this.#last = this.#last.then(() => this.#run(message.slice, payload));
        break;
    }
  }

  async #run(head: SliceHead, payload: Uint8Array): Promise<void> {
    const { number, stream, partition } = head;
    try {
      this.#board.open(number);
      const schema = this.#schemas.get(head.schemaId)!;
      const slice =
        head.events === 0 ? { events: [], origins: [], keys: [] } : decodeSlice(payload, schema, stream, partition);
      const result = await runSlice({
        prepared: this.#prepared,
        environment: this.#environment,
        slice,
        state: this.#stateOf(head),
        ...(head.idleMs === undefined ? {} : { idleMs: head.idleMs }),
      });
      post({ kind: "done", number, result });
    } catch (error) {
      post({ kind: "refused", number, ...describeThrown(error) });
    } finally {
      this.#board.close();
    }
  }

  #stateOf(head: SliceHead): PartitionState {
    const name = partitionName(head);
    let state = this.#states.get(name);
    if (state === undefined) {
      state = partitionState();
      this.#states.set(name, state);
    }
    return state;
  }
}

const partitionName = ({ stream, partition }: { stream: string; partition: number }): string =>
  `${stream}/${partition}`;

function post(message: FromProcess): void {
  parentPort!.postMessage(message);
}

function portLog(): FunctionLog {
  const line =
    (level: "debug" | "info" | "warn" | "error"): FunctionLog["info"] =>
    (message, fields) =>
      post({
        kind: "log",
        level,
        message: String(message),
        ...(fields === undefined ? {} : { fields: { ...fields } }),
      });
  return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
}
