// Time, as loops see it: injected, so that tests decide what it is.

export interface Clock {
  /** Monotonic; only differences mean anything. */
  nowMs(): number;
  /** Resolves after `ms`, or at once when the signal ends; never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
    }),
};
