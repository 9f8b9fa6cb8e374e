// What a client is made from: where the server is, and everything outside that it uses.

/** The subset of the standard WebSocket that the client uses: browsers, Node 22 and `ws` all have it. */
export interface WebSocketLike {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
}

export type WebSocketConstructor = new (url: string, protocols: string | string[]) => WebSocketLike;

/** Time, as the client uses it: injected so that tests need not wait. */
export interface Clock {
  now(): number;
  setTimeout(run: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface ConsumptionOptions {
  /** Origin of the Moose server, e.g. `http://localhost:4000`. */
  readonly url: string | URL;
  /** Bearer token, or how to get one; asked before each request and each connection. */
  readonly token?: string | (() => string | Promise<string>);
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** Default: the global WebSocket; in Node without one, the `ws` package. */
  readonly WebSocket?: WebSocketConstructor;
  /** Limit of one attempt of a query. Default 30 s. */
  readonly timeoutMs?: number;
  /** Retries of a query after connection errors, 408, 429 and 5xx. Default 2. */
  readonly retries?: number;
  /** Longest pause between two connection attempts. Default 10 s. */
  readonly maxReconnectMs?: number;
  /** The socket closes this long after the last subscription ended. Default 5 s. */
  readonly idleSocketMs?: number;
  readonly clock?: Clock;
  /** Uniform in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, delayMs) => setTimeout(run, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};
