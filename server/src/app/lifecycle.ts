// Opens parts in order and closes them in the reverse order, also when opening one of them fails.
import type { Log } from "../telemetry/log.ts";

export interface Lifecycle {
  /** Registers how a part that is now open is closed. */
  onStop(name: string, close: () => Promise<void> | void): void;
  /** Closes all parts, newest first; one that fails is logged and does not keep the others open. Safe to call twice. */
  stop(): Promise<void>;
}

export function createLifecycle(log: Log): Lifecycle {
  const parts: { name: string; close: () => Promise<void> | void }[] = [];
  let stopping: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      try {
        await part.close();
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
    stop() {
      stopping ??= closeAll();
      return stopping;
    },
  };
}
