// Time as the SDK sees it, so that a test can hold it still.

export interface Clock {
  /** Wall clock: may jump. Only for what is read from outside, and for keys. */
  nowMs(): number;
  /** Never goes back, whatever the wall clock does: for waits and ages. */
  monotonicMs(): number;
  /** Calls back once after `ms`, unless cancelled. */
  after(ms: number, callback: () => void): { cancel(): void };
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
