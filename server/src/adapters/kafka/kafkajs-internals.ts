// The parts of kafkajs beside its public API that this adapter uses, with their types: nothing else reaches into the package (decision 0006).
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import type { Logger } from "kafkajs";

/** One request of Kafka's protocol, as a connection of kafkajs takes it. */
export interface ProtocolRequest<T> {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    encode(): Promise<KafkaEncoder>;
  };
  readonly response: {
    decode(payload: Buffer): Promise<unknown>;
    parse(decoded: unknown): Promise<T>;
  };
  /** Milliseconds; the connection's own limit holds where it is longer. */
  readonly requestTimeout?: number;
  readonly logResponseError?: boolean;
}

export interface KafkaEncoder {
  readonly buffer: Buffer;
  writeInt8(value: number): KafkaEncoder;
  writeInt16(value: number): KafkaEncoder;
  writeInt32(value: number): KafkaEncoder;
  writeInt64(value: number | string): KafkaEncoder;
  writeString(value: string | null): KafkaEncoder;
  writeBytes(value: Buffer): KafkaEncoder;
  size(): number;
}

interface OffsetsOfTopic {
  readonly topic: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly offset: string;
    readonly metadata?: string | null;
  }[];
}

export interface TransactionOfProducer {
  readonly transactionalId: string;
  readonly producerId: string;
  readonly producerEpoch: number;
}

export interface JoinedGroup {
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
}

export interface PooledConnection {
  isConnected(): boolean;
  connect(): Promise<unknown>;
}

/** A node of the cluster. Each method rejects with an error of kafkajs. */
export interface Broker {
  readonly nodeId: number;
  readonly connectionPool: {
    readonly pool: readonly PooledConnection[];
    send<T>(request: ProtocolRequest<T>): Promise<T>;
  };
  readonly versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>>;
  disconnect(): Promise<void>;
  initProducerId(options: {
    transactionalId?: string;
    transactionTimeout: number;
  }): Promise<{ producerId: string; producerEpoch: number }>;
  addPartitionsToTxn(
    options: TransactionOfProducer & {
      topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
    },
  ): Promise<unknown>;
  addOffsetsToTxn(options: TransactionOfProducer & { groupId: string }): Promise<unknown>;
  txnOffsetCommit(
    options: TransactionOfProducer & { groupId: string; topics: readonly OffsetsOfTopic[] },
  ): Promise<unknown>;
  endTxn(options: TransactionOfProducer & { transactionResult: boolean }): Promise<unknown>;
  listOffsets(options: {
    /** 0: read uncommitted; default 1: what transactions under way hold back does not count. */
    isolationLevel?: number;
    topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly timestamp: number }[];
    }[];
  }): Promise<{ readonly responses: readonly OffsetsOfTopic[] }>;
  offsetFetch(options: {
    groupId: string;
    topics: readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number }[] }[];
  }): Promise<{ readonly responses: readonly OffsetsOfTopic[] }>;
  offsetCommit(options: {
    groupId: string;
    groupGenerationId: number;
    memberId: string;
    topics: readonly OffsetsOfTopic[];
  }): Promise<unknown>;
  joinGroup(options: {
    groupId: string;
    sessionTimeout: number;
    rebalanceTimeout: number;
    memberId: string;
    groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
  }): Promise<JoinedGroup>;
  syncGroup(options: {
    groupId: string;
    generationId: number;
    memberId: string;
    groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
  }): Promise<{ readonly memberAssignment: Buffer }>;
  heartbeat(options: { groupId: string; groupGenerationId: number; memberId: string }): Promise<unknown>;
  leaveGroup(options: { groupId: string; memberId: string }): Promise<unknown>;
}

export interface PartitionMetadata {
  readonly partitionId: number;
  /** Node id; -1 while an election is under way. */
  readonly leader: number;
  readonly replicas: readonly number[];
}

/** The connections to a cluster, and what is known of its topics. */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly PartitionMetadata[];
  findBroker(options: { nodeId: number }): Promise<Broker>;
  findControllerBroker(): Promise<Broker>;
  findGroupCoordinator(options: { groupId: string; coordinatorType: number }): Promise<Broker>;
  removeBroker(address: { host: string; port: number }): void;
}

/** kafkajs opens its sockets through this, as `socketFactory`. */
export type OpenSocket = (options: { host: string; port: number; ssl: object; onConnect: () => void }) => Socket;

export interface ClusterOptions {
  readonly logger: Logger;
  readonly socketFactory: OpenSocket;
  readonly brokers: readonly string[];
  readonly ssl: unknown;
  readonly sasl: unknown;
  readonly clientId: string;
  readonly connectionTimeout: number;
  readonly authenticationTimeout: number;
  readonly reauthenticationThreshold: number;
  readonly requestTimeout: number;
  readonly enforceRequestTimeout: boolean;
  readonly metadataMaxAge: number;
  readonly allowAutoTopicCreation: boolean;
  readonly retry: { readonly retries: number; readonly initialRetryTime: number; readonly maxRetryTime: number };
}

interface Codec {
  decompress(buffer: Buffer): Promise<Buffer>;
}

const require = createRequire(import.meta.url);
const load = <T>(path: string): T => require(`kafkajs/src/${path}`) as T;

export const Cluster = load<new (options: ClusterOptions) => Cluster>("cluster/index.js");
export const Encoder = load<new (initialBytes?: number) => KafkaEncoder>("protocol/encoder.js");
export const openSocket = load<() => OpenSocket>("network/socketFactory.js");
/** An error of Kafka's protocol by its number. */
export const { createErrorFromCode } = load<{ createErrorFromCode(code: number): Error }>("protocol/error.js");
/** By the lowest three bits of a record batch's attributes; undefined when it is not compressed. Throws when there is no such codec. */
export const { lookupCodecByAttributes } = load<{
  lookupCodecByAttributes(attributes: number): Codec | undefined | null;
}>("protocol/message/compression/index.js");

/** A request of the protocol in one version, by its options. */
type Definition = {
  protocol(options: {
    version: number;
  }): (options: object) => Pick<ProtocolRequest<unknown>, "request" | "response" | "requestTimeout">;
};

export const { requests: requestDefinitions } = load<{
  requests: { readonly Fetch: Definition; readonly Produce: Definition };
}>("protocol/requests/index.js");
