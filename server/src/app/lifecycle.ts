// Opens parts in order and closes them in the reverse order, also when opening one of them fails.
import type { Log } from "../telemetry/log.ts";

/** How a part is to close. */
export interface Stopping {
  /** Finish what is under way, also what only waits; otherwise end as soon as nothing is lost by it. */
  readonly drain: boolean;
  /** Until the deadline; 0 when it has passed. */
  remainingMs(): number;
}

export type Close = (how: Stopping) => Promise<void> | void;

export interface Lifecycle {
  /** Registers how a part that is now open is closed. */
  onStop(name: string, close: Close): void;
  /**
   * Closes all parts, newest first; one that fails is logged and does not keep the others open. Safe to call twice: the first call
   * says how.
   */
  stop(how: { readonly drain: boolean; readonly deadlineMs: number }): Promise<void>;
}

export function createLifecycle(log: Log, nowMs: () => number = () => performance.now()): Lifecycle {
  const parts: { name: string; close: Close }[] = [];
  let stopping: Promise<void> | undefined;

  async function closeAll(how: Stopping): Promise<void> {
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      try {
        await part.close(how);
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
      stopping ??= closeAll({ drain, remainingMs: () => Math.max(0, endMs - nowMs()) });
      return stopping;
    },
  };
}
