// Translates kafkajs's errors at this adapter's edge, and sorts them by what can be done.
import type { ErrorCode } from "../../model/errors.ts";
import { MooseError } from "../../model/errors.ts";

/** What kafkajs's errors may carry. */
interface KafkaError extends Error {
  /** The name of an error of Kafka's protocol. */
  readonly type?: string;
  readonly retriable?: boolean;
}

/** Below what kafkajs wraps around an error when it gives up. */
function rootOf(error: unknown): KafkaError {
  let root = error as KafkaError;
  while (root.type === undefined && root.cause instanceof Error) root = root.cause as KafkaError;
  return root;
}

/** The name of the protocol's error, such as "NOT_LEADER_FOR_PARTITION"; undefined for errors of the connection. */
export const typeOf = (error: unknown): string | undefined => rootOf(error).type;

const secondsUntilRetry = 2;
const refusals = new Set([
  "SASL_AUTHENTICATION_FAILED",
  "UNSUPPORTED_SASL_MECHANISM",
  "ILLEGAL_SASL_STATE",
  "TOPIC_AUTHORIZATION_FAILED",
  "GROUP_AUTHORIZATION_FAILED",
  "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
  "CLUSTER_AUTHORIZATION_FAILED",
  "INVALID_REPLICATION_FACTOR",
  "INVALID_CONFIG",
  "POLICY_VIOLATION",
  "INVALID_TOPIC_EXCEPTION",
]);

/** Names of OpenSSL and Node for a certificate or a handshake that was refused. */
const tlsTrouble = /certificate|self.signed|altname|ssl|tls|wrong version number|EPROTO/i;

/** True for what only another configuration or a person can mend: a new try would end the same way. */
export function isRefusal(error: unknown): boolean {
  const root = rootOf(error);
  return (
    root.name === "KafkaJSSASLAuthenticationError" ||
    (root.type !== undefined && refusals.has(root.type)) ||
    (root.name === "KafkaJSConnectionError" && tlsTrouble.test(root.message))
  );
}

/** `doing` says what failed, as in "Kafka could not <doing>". */
export function toMooseError(error: unknown, doing: string): MooseError {
  if (error instanceof MooseError) return error;
  const root = rootOf(error);
  const cause = { cause: error };
  const what = `Kafka could not ${doing}: ${root.message.replace(/\.$/, "")}.`;
  if (root.type === "MESSAGE_TOO_LARGE" || root.type === "RECORD_LIST_TOO_LARGE")
    return new MooseError("body_too_large", what, cause);
  if (root.name === "KafkaJSSASLAuthenticationError" || root.type === "SASL_AUTHENTICATION_FAILED")
    return refused(`${what} Look at stream.kafka.sasl.`, cause);
  if (root.type?.endsWith("_AUTHORIZATION_FAILED"))
    return refused(`${what} Give the user of stream.kafka.sasl the rights that docs/kafka.md lists.`, cause);
  if (isRefusal(error)) return refused(`${what} Look at stream.kafka in the configuration.`, cause);
  return new MooseError("log_unavailable", what, { ...cause, retryAfterSeconds: secondsUntilRetry });
}

function refused(message: string, detail: { cause: unknown }, code: ErrorCode = "config_invalid"): MooseError {
  return new MooseError(code, message, detail);
}
