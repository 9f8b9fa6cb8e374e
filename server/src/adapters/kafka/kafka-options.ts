// How the stream reaches Kafka: what the configuration says, and the limits of this adapter.
import type { ConnectionOptions } from "node:tls";
import type { SASLOptions } from "kafkajs";
import type { KafkaConfig } from "../../model/kafka-config.ts";
import type { Log } from "../../telemetry/log.ts";

export interface KafkaStreamLogOptions extends KafkaConfig {
  readonly log: Log;
  /** Appended bytes that may wait for Kafka before appends are refused with `overloaded`. Default 64 MiB. */
  readonly maxPendingBytes?: number;
  /** How long an append waits for Kafka's acknowledgement before it is refused with `log_unavailable`. Default 15,000. */
  readonly appendTimeoutMs?: number;
  /** How long to look for a broker at the start. Default 30,000. */
  readonly openTimeoutMs?: number;
  /** A member of a group that is not heard of for this long loses its partitions. Default 10,000. */
  readonly sessionTimeoutMs?: number;
  /** How long `revoked` may take before partitions are given away all the same. Default 10,000. */
  readonly revokeTimeoutMs?: number;
}

export const REQUEST_TIMEOUT_MS = 10_000;
export const CONNECT_TIMEOUT_MS = 5_000;

export function tlsOf({ ssl }: KafkaConfig): ConnectionOptions | undefined {
  if (ssl === undefined || ssl === false) return undefined;
  if (ssl === true) return {};
  const { ca, cert, key, passphrase } = ssl;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

export function saslOf({ sasl }: KafkaConfig): SASLOptions | undefined {
  return sasl === undefined ? undefined : ({ ...sasl } as SASLOptions);
}
