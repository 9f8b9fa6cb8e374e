// What a running stream function is given beside its event.

export interface FunctionLog {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where an event stands; the same however often it is tried. */
export interface EventOrigin {
  /** Name of the event's model: tells the events of several apart. */
  readonly model: string;
  /** `stream/partition/offset`: names this event for ever. Use it to make an effect outside of Moose happen once. */
  readonly id: string;
  readonly partition: number;
  readonly offset: number;
  readonly receivedAt: Date;
}

export interface FunctionContext extends EventOrigin {
  /** Goes to the server's log under the function's name. */
  readonly log: FunctionLog;
  /** Counts from 1. */
  readonly attempt: number;
}

export interface BatchContext {
  readonly log: FunctionLog;
  readonly attempt: number;
  /** Of each event, in the order of the events. */
  readonly origins: readonly EventOrigin[];
}

export interface StateContext<S> extends FunctionContext {
  /** The key's state. Change it or replace it; it is stored together with the function's progress. Plain JSON values. */
  state: S;
  /** The value of the model's partition key. */
  readonly key: string;
  /** Forgets the key's state once the event is done. */
  clear(): void;
}

/** Milliseconds since 1970, UTC; `end` is exclusive. */
export interface WindowBounds {
  readonly start: number;
  readonly end: number;
}

export interface WindowContext<S> extends FunctionContext {
  /** The state of the key in this window. */
  state: S;
  readonly key: string;
  readonly window: WindowBounds;
}

/** A window that has closed: nothing is added to it any more. */
export interface ClosedWindow<S> extends WindowBounds {
  readonly key: string;
  readonly state: S;
  /** Events that were added. */
  readonly events: number;
}
