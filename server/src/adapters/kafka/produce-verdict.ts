// What the broker's answer to a batch means: stored, to be sent again, to be sent under a new identity, or refused. Pure.
import { typeOf } from "./kafka-errors.ts";

export type Verdict =
  /** Try again: if an earlier attempt was stored, the sequence makes the broker recognise it. */
  | "again"
  /** The broker does not know this identity, and has not stored the batch. */
  | "renew"
  /** Not stored, and never will be. */
  | "refused"
  /** Whether an earlier attempt was stored cannot be known. */
  | "unknown";

const identityTrouble = new Set([
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
  "UNKNOWN_PRODUCER_ID",
  "INVALID_PRODUCER_EPOCH",
  "INVALID_PRODUCER_ID_MAPPING",
]);

/** `attempts` counts this one. An error without a type is one of the connection. */
export function judgeFailure(error: Error & { retriable?: boolean }, attempts: number): Verdict {
  const type = typeOf(error);
  if (type === undefined) return "again";
  if (identityTrouble.has(type)) return attempts === 1 ? "renew" : "unknown";
  if (type === "DUPLICATE_SEQUENCE_NUMBER") return "unknown";
  if (error.retriable) return "again";
  return attempts === 1 ? "refused" : "unknown";
}
