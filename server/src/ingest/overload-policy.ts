// When ingest turns events away, and what it says: pure, the numbers come from elsewhere.
import { MooseError } from "../model/errors.ts";

/** How this process and its machine stand. */
export interface Pressure {
  /** Mean delay of the event loop over about a second. */
  readonly loopDelayMs: number;
  readonly memoryBytes: number;
  /** Infinity where nothing limits it. */
  readonly maxMemoryBytes: number;
  /** On the disk of the embedded log; Infinity where the log is elsewhere. */
  readonly freeDiskBytes: number;
}

export interface OverloadLimits {
  readonly maxLagBytes: number;
  readonly minFreeDiskBytes: number;
  readonly maxLoopDelayMs: number;
}

export type OverloadReason = "disk" | "memory" | "event_loop" | "lag";

export interface Overload {
  readonly reason: OverloadReason;
  readonly error: MooseError;
}

/** A bound that was met holds until there is a tenth of room, so that it is not met ten times a second. */
const EASE = 0.1;
/** Of a disk: a tenth of what is kept free on a large one may never come back. */
const MAX_DISK_EASE_BYTES = 8 * 1024 * 1024;
/** A disk or a table does not recover within a second; a busy process may. */
const SLOW_RETRY_SECONDS = 5;

/** Why no model's events can be taken now; `current` is the reason that was found last. */
export function overloadOfProcess(
  pressure: Pressure,
  limits: OverloadLimits,
  current: OverloadReason | undefined,
): Overload | undefined {
  const { loopDelayMs, memoryBytes, maxMemoryBytes, freeDiskBytes } = pressure;
  const eased = (reason: OverloadReason): number => (current === reason ? EASE : 0);
  const diskEaseBytes = Math.min(MAX_DISK_EASE_BYTES, limits.minFreeDiskBytes * eased("disk"));
  if (freeDiskBytes < limits.minFreeDiskBytes + diskEaseBytes) {
    return overload(
      "disk",
      `Only ${megabytes(freeDiskBytes)} are free on the disk of the log, and ${megabytes(limits.minFreeDiskBytes)} are kept free. Free some space; send again then.`,
      SLOW_RETRY_SECONDS,
    );
  }
  if (memoryBytes > maxMemoryBytes * (1 - eased("memory"))) {
    return overload(
      "memory",
      `The server uses ${megabytes(memoryBytes)} of memory, its limit is ${megabytes(maxMemoryBytes)}. Send again a little later.`,
    );
  }
  if (loopDelayMs > limits.maxLoopDelayMs * (1 - eased("event_loop"))) {
    return overload("event_loop", "The server has more to do than it can. Send again a little later.");
  }
  return undefined;
}

/** Why this model's events cannot be taken now; the others' can. `refused`: they were not, at the last look. */
export function overloadOfModel(
  { model, lagBytes, refused }: { readonly model: string; readonly lagBytes: number; readonly refused: boolean },
  { maxLagBytes }: OverloadLimits,
): Overload | undefined {
  if (lagBytes <= maxLagBytes * (1 - (refused ? EASE : 0))) return undefined;
  return overload(
    "lag",
    `About ${megabytes(lagBytes)} of events of ${model} wait for their table, the limit is ${megabytes(maxLagBytes)} (ingest.maxLagBytes). Send again a little later.`,
    SLOW_RETRY_SECONDS,
  );
}

function overload(reason: OverloadReason, message: string, retryAfterSeconds = 1): Overload {
  const code = reason === "disk" ? "disk_full" : "overloaded";
  return { reason, error: new MooseError(code, message, { retryAfterSeconds, extra: { reason } }) };
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MiB`;
