// Time as the SDK sees it, so that a test can hold it still.

export interface Clock {
  nowMs(): number;
  /** Calls back once after `ms`, unless cancelled. */
  after(ms: number, callback: () => void): { cancel(): void };
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
