// The limits of live connections: every bound and every wait, in one place.

export interface LiveLimits {
  /** The server pings this often; a socket that says nothing for twice as long is closed. */
  readonly heartbeatMs: number;
  /** A socket must say hello within this time. */
  readonly helloMs: number;
  readonly subscriptionsPerSocket: number;
  readonly messageBytes: number;
  /** Messages from one client, averaged over ten seconds. */
  readonly messagesPerSecond: number;
  /** Different queries evaluated at all, over all sockets. */
  readonly distinctQueries: number;
  /** Rows that one live query may hold. */
  readonly rowsPerQuery: number;
  /** A socket with more than this waiting is slow: its deltas are merged and its events wait in the log. */
  readonly bufferedBytes: number;
  /** A socket that stays slow for this long is closed with 4008. */
  readonly slowMs: number;
  /** Row bytes in one `events` message. */
  readonly eventsBytes: number;
  /** Deltas kept for resuming and for slow readers, for each distinct query. */
  readonly ringDeltas: number;
  /** Text kept in that ring. Characters. */
  readonly ringChars: number;
  /** A query without subscribers is kept this long, so that a reconnect can resume. */
  readonly lingerMs: number;
  /** Limit of one round of evaluations. */
  readonly evaluateMs: number;
  /** First pause after a failed evaluation; doubles up to 30 s. */
  readonly retryMs: number;
  readonly maxThrottleMs: number;
}

export const defaultLiveLimits: LiveLimits = {
  heartbeatMs: 15_000,
  helloMs: 10_000,
  subscriptionsPerSocket: 100,
  messageBytes: 64 * 1024,
  messagesPerSecond: 50,
  distinctQueries: 1_000,
  rowsPerQuery: 10_000,
  bufferedBytes: 1024 * 1024,
  slowMs: 30_000,
  eventsBytes: 128 * 1024,
  ringDeltas: 64,
  ringChars: 1024 * 1024,
  lingerMs: 60_000,
  evaluateMs: 10_000,
  retryMs: 250,
  maxThrottleMs: 60_000,
};

/** Time, as the hub uses it: injected so that tests need not wait. */
export interface LiveClock {
  nowMs(): number;
  /** Runs once; returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: LiveClock = {
  nowMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
