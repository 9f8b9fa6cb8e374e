// Opens parts in order and closes them in the reverse order, also when opening one of them fails.
import type { Log } from "../telemetry/log.ts";

/** How a part is to close. */
export interface Stopping {
  /** Finish what is under way, also what only waits; otherwise end as soon as nothing is lost by it. */
  readonly drain: boolean;
  /** Until the deadline, whole; 0 when it has passed. */
  remainingMs(): number;
}

export type Close = (how: Stopping) => Promise<void> | void;

export interface Lifecycle {
  /** Registers how a part that is now open is closed. */
  onStop(name: string, close: Close): void;
  /**
   * Closes all parts, newest first. One that fails, or does not end by the deadline, is logged and does not keep the others open: past
   * the deadline each has a second. Safe to call twice: the first call says how.
   */
  stop(how: { readonly drain: boolean; readonly deadlineMs: number }): Promise<void>;
}

/** What is local closes within it also when the deadline has passed. */
const LEAST_LIMIT_MS = 1_000;

export function createLifecycle(log: Log, nowMs: () => number = () => performance.now()): Lifecycle {
  const parts: { name: string; close: Close }[] = [];
  let stopping: Promise<void> | undefined;

  async function closeAll(how: Stopping): Promise<void> {
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      try {
        await within(Math.max(how.remainingMs(), LEAST_LIMIT_MS), part.close(how));
      } catch (error) {
        log.warn(`could not stop ${part.name} cleanly`, {
          reason: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }

  return {
    onStop(name, close) {
      parts.push({ name, close });
    },
    stop({ drain, deadlineMs }) {
      const endMs = nowMs() + deadlineMs;
      stopping ??= closeAll({ drain, remainingMs: () => Math.max(0, Math.floor(endMs - nowMs())) });
      return stopping;
    },
  };
}

async function within(limitMs: number, work: Promise<void> | void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("it did not end in time")), limitMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
