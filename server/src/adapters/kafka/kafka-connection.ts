// A connection to the cluster through kafkajs: opened within a limit, closed at once, its metadata refreshed when it is stale.
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Kafka as KafkaClient, Logger } from "kafkajs";
import type { Log } from "../../telemetry/log.ts";
import { isRefusal, toMooseError } from "./kafka-errors.ts";
import { CONNECT_TIMEOUT_MS, type KafkaStreamLogOptions, REQUEST_TIMEOUT_MS, saslOf, tlsOf } from "./kafka-options.ts";
import { Kafka, logLevel } from "./kafkajs.ts";
import {
  type Broker,
  Cluster,
  type OpenSocket,
  openSocket,
  type PooledConnection,
  type ProtocolRequest,
} from "./kafkajs-internals.ts";

const RETRY_DELAY_MS = 250;
const METADATA_MAX_AGE_MS = 60_000;
/** A broker has two connections in kafkajs: one for fetches, which may wait, and one for everything else. */
const FIRST_CONNECTION = 0;
const FETCH_CONNECTION = 1;
const FETCH = 1;
/** As the protocol numbers them. */
const COORDINATOR_OF_GROUP = 0;
const COORDINATOR_OF_TRANSACTION = 1;
/** kafkajs tries once more by itself; every loop of this adapter has a limit of its own. */
const retry = { retries: 1, initialRetryTime: 100, maxRetryTime: 1_000 };

/** What of a client's public API and of its inner cluster belongs to one set of sockets. */
export class KafkaConnection {
  readonly kafka: KafkaClient;
  readonly #cluster: Cluster;
  readonly #sockets = new Set<Socket>();
  readonly #coordinators = new Map<string, number>();
  readonly #connecting = new Map<PooledConnection, Promise<unknown>>();
  #refreshing: Promise<void> | undefined;
  #closed = false;

  constructor(options: KafkaStreamLogOptions) {
    const open = openSocket();
    const socketFactory: OpenSocket = (socketOptions) => {
      // kafkajs adds a listener with each disconnect of a socket that never connected.
      const socket = open(socketOptions).setMaxListeners(0);
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
      return socket;
    };
    const shared = {
      brokers: [...options.brokers],
      clientId: options.clientId,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      authenticationTimeout: REQUEST_TIMEOUT_MS,
      reauthenticationThreshold: 10_000,
      requestTimeout: REQUEST_TIMEOUT_MS,
      enforceRequestTimeout: true,
      retry,
    };
    const ssl = tlsOf(options);
    const sasl = saslOf(options);
    this.kafka = new Kafka({
      ...shared,
      socketFactory: socketFactory as never,
      logLevel: logLevel.WARN,
      logCreator: () => (entry) => tell(options.log, entry.namespace, entry.log),
      ...(ssl === undefined ? {} : { ssl }),
      ...(sasl === undefined ? {} : { sasl }),
    });
    this.#cluster = new Cluster({
      ...shared,
      logger: this.kafka.logger() as Logger,
      socketFactory,
      ssl,
      sasl,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      allowAutoTopicCreation: false,
    });
  }

  /** Tries until a broker answers. Rejects with MooseError `config_invalid` when it refuses, `log_unavailable` after the limit. */
  async open(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      try {
        await this.#cluster.connect();
        return;
      } catch (error) {
        if (isRefusal(error) || performance.now() > deadline || signal.aborted) throw toMooseError(error, "be reached");
        await delay(RETRY_DELAY_MS, undefined, { signal });
      }
    }
  }

  /** Learns where the partitions of these topics are, and keeps that up. Rejects when one of them does not exist. */
  watch(topics: readonly string[]): Promise<void> {
    return this.#cluster.addMultipleTargetTopics(topics);
  }

  /** Node that leads a partition; undefined while that is not known, or being decided. */
  leader(topic: string, partition: number): number | undefined {
    const found = this.#cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition);
    return found === undefined || found.leader < 0 ? undefined : found.leader;
  }

  partitionCount(topic: string): number {
    return this.#cluster.findTopicPartitionMetadata(topic).length;
  }

  /** Asks the cluster anew; calls at the same time share one question. Rejects with kafkajs's error. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#cluster.refreshMetadata().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async broker(nodeId: number): Promise<Broker> {
    if (this.#closed) throw new Error("the connection is closed");
    return this.#connected(await this.#cluster.findBroker({ nodeId }));
  }

  /** Any node that can give out producer ids. */
  async controller(): Promise<Broker> {
    return this.#connected(await this.#cluster.findControllerBroker());
  }

  /** The broker that keeps a group; remembered until `forgetCoordinator`, which whoever gets an error from it has to call. */
  coordinator(groupId: string): Promise<Broker> {
    return this.#coordinatorOf(groupId, COORDINATOR_OF_GROUP);
  }

  /** The broker that keeps the transactions of an id; remembered as that of a group is. */
  transactionCoordinator(transactionalId: string): Promise<Broker> {
    return this.#coordinatorOf(transactionalId, COORDINATOR_OF_TRANSACTION);
  }

  /** Of a group, or of a transactional id. */
  forgetCoordinator(id: string): void {
    for (const type of [COORDINATOR_OF_GROUP, COORDINATOR_OF_TRANSACTION]) this.#coordinators.delete(`${type} ${id}`);
  }

  async #coordinatorOf(groupId: string, coordinatorType: number): Promise<Broker> {
    const key = `${coordinatorType} ${groupId}`;
    const known = this.#coordinators.get(key);
    if (known !== undefined) return this.broker(known);
    await this.#cluster.refreshMetadataIfNecessary();
    const found = await this.#connected(await this.#cluster.findGroupCoordinator({ groupId, coordinatorType }));
    this.#coordinators.set(key, found.nodeId);
    return found;
  }

  /** Sends to the leader of a partition, which is looked for anew when it is not known. Rejects with kafkajs's error. */
  async sendToLeader<T>(topic: string, partition: number, request: ProtocolRequest<T>): Promise<T> {
    if (this.leader(topic, partition) === undefined) await this.refresh();
    const leader = this.leader(topic, partition);
    if (leader === undefined) throw new Error(`partition ${partition} of topic "${topic}" has no leader at the moment`);
    return this.send(await this.broker(leader), request);
  }

  async send<T>(broker: Broker, request: ProtocolRequest<T>): Promise<T> {
    try {
      if (request.request.apiKey === FETCH) await this.#connected(broker, FETCH_CONNECTION);
      return await broker.connectionPool.send(request);
    } catch (error) {
      // kafkajs does the same for its own requests: without it the broker would stay "connected".
      if ((error as Error).name === "KafkaJSConnectionClosedError") await broker.disconnect();
      throw error;
    }
  }

  /** kafkajs would open a socket for each request that finds a connection closed at the same time. */
  async #connected(broker: Broker, index = FIRST_CONNECTION): Promise<Broker> {
    const connection = broker.connectionPool.pool[index]!;
    if (connection.isConnected()) return broker;
    let connecting = this.#connecting.get(connection);
    if (connecting === undefined) {
      connecting = connection.connect().finally(() => this.#connecting.delete(connection));
      this.#connecting.set(connection, connecting);
    }
    await connecting;
    return broker;
  }

  /** Ends the sockets at once: requests under way reject. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const closed = new Error("the stream was closed");
    for (const socket of this.#sockets) socket.destroy(closed);
    await this.#cluster.disconnect().catch(() => undefined);
    for (const socket of this.#sockets) socket.destroy(closed);
  }
}

/** kafkajs calls an error what is tried again; what this adapter gives up, it tells of itself. */
function tell(log: Log, namespace: string, { message, ...rest }: { message: string } & Record<string, unknown>): void {
  log.debug(message, { of: namespace, reason: typeof rest.error === "string" ? rest.error : undefined });
}
