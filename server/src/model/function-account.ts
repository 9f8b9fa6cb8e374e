// What a stream function has made of one partition: counted from its first event on, saved with its progress, checked by the audit. Pure.

/**
 *   progress − begin = taken + unreadable + absent          taken = emitting + filtered + failed
 */
export interface FunctionAccount {
  /** Offset at which the counting began, and when (ms since 1970). */
  readonly begin: number;
  readonly sinceMs: number;
  /** Events that the function was given. */
  readonly taken: number;
  /** Of these: events that came to at least one output; those that came to none; those that went to quarantine. */
  readonly emitting: number;
  readonly filtered: number;
  readonly failed: number;
  /** Events left out: their schema refuses them, or the log could not read them any more. */
  readonly unreadable: number;
  /** Offsets that hold no event. */
  readonly absent: number;
  /** Outputs, and windows that could not be closed, that went to quarantine. */
  readonly refused: number;
  /** Events emitted, by target stream. */
  readonly emitted: ReadonlyMap<string, number>;
}

/** What one slice adds. */
export interface SliceAccount extends Omit<FunctionAccount, "begin" | "sinceMs"> {}

const counts = ["taken", "emitting", "filtered", "failed", "unreadable", "absent", "refused"] as const;
const TARGET = "to ";

export const newAccount = (begin: number, sinceMs: number): FunctionAccount => ({
  begin,
  sinceMs,
  taken: 0,
  emitting: 0,
  filtered: 0,
  failed: 0,
  unreadable: 0,
  absent: 0,
  refused: 0,
  emitted: new Map(),
});

export function addSlice(account: FunctionAccount, slice: SliceAccount): FunctionAccount {
  const emitted = new Map(account.emitted);
  for (const [stream, events] of slice.emitted) emitted.set(stream, (emitted.get(stream) ?? 0) + events);
  const sums = Object.fromEntries(counts.map((name) => [name, account[name] + slice[name]]));
  return { ...account, ...sums, emitted };
}

/** As it is saved beside the progress. */
export function encodeAccount(account: FunctionAccount): Record<string, number> {
  const { begin, sinceMs, emitted } = account;
  return {
    begin,
    sinceMs,
    ...Object.fromEntries(counts.map((name) => [name, account[name]])),
    ...Object.fromEntries([...emitted].map(([stream, events]) => [`${TARGET}${stream}`, events])),
  };
}

/** Undefined when none was saved. */
export function decodeAccount(saved: Readonly<Record<string, number>> | undefined): FunctionAccount | undefined {
  if (saved === undefined || saved.begin === undefined || saved.sinceMs === undefined) return undefined;
  const emitted = Object.entries(saved).filter(([name]) => name.startsWith(TARGET));
  return {
    ...newAccount(saved.begin, saved.sinceMs),
    ...Object.fromEntries(counts.map((name) => [name, saved[name] ?? 0])),
    emitted: new Map(emitted.map(([name, events]) => [name.slice(TARGET.length), events])),
  };
}
