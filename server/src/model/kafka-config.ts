// `stream.kafka` of the configuration: Kafka or Redpanda as the stream, in place of the embedded log.

export interface KafkaConfig {
  /** "host:port", some of the cluster's; the others are found through them. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Before the name of every topic and group, so that several installations can share a cluster. */
  readonly topicPrefix: string;
  /** `true` trusts the system's authorities; an object names others (PEM), and the client's own certificate. */
  readonly ssl?:
    | boolean
    | { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly passphrase?: string };
  readonly sasl?: {
    readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
    readonly username: string;
    readonly password: string;
  };
  /** Of topics that Moose makes; absent: the cluster's default. */
  readonly replicationFactor?: number;
  /** How long the topics that Moose makes keep an event; absent: the cluster's default. */
  readonly retentionHours?: number;
}

/** What is not said of Kafka; without brokers it does not start. */
export const kafkaDefaults = { brokers: [], clientId: "moose", topicPrefix: "" } as const;
