// Calls the user's code: again when it throws, until the attempts are used up; and says what came of it.
import type { Emitted } from "../api/emit.ts";
import type { PreparedFunction, RunEnvironment } from "./prepared-function.ts";
import type { SliceFailure } from "./slice.ts";

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

export type Attempted<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: SliceFailure };

export interface AttemptOptions<T> {
  readonly prepared: PreparedFunction;
  readonly environment: RunEnvironment;
  /** Index in the slice, -1 for none. */
  readonly event: number;
  readonly retried: () => void;
  /** What it throws is the function's failure. A promise only where the user's code returns one. */
  readonly call: (attempt: number) => T | Promise<T>;
}

/** Synchronous user code that does not throw costs no promise. */
export function attempt<T>(options: AttemptOptions<T>): Attempted<T> | Promise<Attempted<T>> {
  const { board } = options.environment;
  const slot = board.begin(options.event);
  let value: T | Promise<T>;
  try {
    value = options.call(1);
  } catch (error) {
    board.end(slot);
    return tryAgain(options, error);
  }
  if (!isPromise(value)) {
    board.end(slot);
    return { ok: true, value };
  }
  return value.then(
    (settled) => {
      board.end(slot);
      return { ok: true, value: settled } as const;
    },
    (error: unknown) => {
      board.end(slot);
      return tryAgain(options, error);
    },
  );
}

async function tryAgain<T>(options: AttemptOptions<T>, first: unknown): Promise<Attempted<T>> {
  const { prepared, environment, event } = options;
  const { board, wait, random } = environment;
  let last = first;
  for (let number = 2; number <= prepared.limits.retries + 1; number++) {
    const ceilingMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (number - 2));
    await wait(ceilingMs / 2 + (ceilingMs / 2) * random());
    options.retried();
    const slot = board.begin(event);
    try {
      return { ok: true, value: await options.call(number) };
    } catch (error) {
      last = error;
    } finally {
      board.end(slot);
    }
  }
  const { message, stack } = describeThrown(last);
  return {
    ok: false,
    failure: { event, code: "function_threw", message, stack, attempts: prepared.limits.retries + 1 },
  };
}

export function describeThrown(thrown: unknown): { message: string; stack: string } {
  if (!(thrown instanceof Error)) return { message: String(thrown), stack: "" };
  return { message: `${thrown.name}: ${thrown.message}`, stack: String(thrown.stack ?? "") };
}

export const isPromise = <T>(value: T | Promise<T>): value is Promise<T> =>
  typeof (value as { then?: unknown } | null)?.then === "function";

/** What a function returned, as a list. Throws TypeError for what `emit` did not make, or for a model that `to` does not name. */
export function outputsOf(returned: unknown, { spec }: PreparedFunction): readonly Emitted[] {
  if (returned === undefined || returned === null) return [];
  const list = isEmitted(returned) ? [returned] : [...listed(returned)];
  for (const output of list) {
    if (!isEmitted(output))
      throw new TypeError(`${spec.name} returned something that emit() did not make: ${typeof output}`);
    if (spec.to.some(({ model }) => model === output.model)) continue;
    throw new TypeError(`${spec.name} emits ${output.model}, which is not in its "to": add the model there`);
  }
  return list as readonly Emitted[];
}

function listed(returned: unknown): Iterable<unknown> {
  if (typeof returned === "object" && Symbol.iterator in returned!) return returned as Iterable<unknown>;
  throw new TypeError(
    `a stream function returns emit(…), a list of these, or nothing; this one returned a ${typeof returned}`,
  );
}

const isEmitted = (value: unknown): value is Emitted =>
  typeof value === "object" && value !== null && "model" in value && "text" in value;
