// The identity under which this process produces: one for all partitions, asked for when it is needed, and another when it was given up.
import type { KafkaConnection } from "./kafka-connection.ts";
import type { ProducerIdentity } from "./producer-session.ts";

/** Of a producer without transactions the broker needs no limit; the request has to have one. */
const TRANSACTION_TIMEOUT_MS = 60_000;

export class ProducerIdentities {
  readonly #connection: KafkaConnection;
  #asking: Promise<ProducerIdentity> | undefined;
  #current: ProducerIdentity | undefined;

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
  }

  /** The same object until it is given up. Rejects with kafkajs's error. */
  current(): Promise<ProducerIdentity> {
    this.#asking ??= this.#ask().catch((error: unknown) => {
      this.#asking = undefined;
      throw error;
    });
    return this.#asking;
  }

  /** No batch begins under it any more. */
  giveUp(identity: ProducerIdentity | undefined): void {
    // Another partition may have got a new one meanwhile.
    if (identity === undefined || identity !== this.#current) return;
    this.#current = undefined;
    this.#asking = undefined;
  }

  async #ask(): Promise<ProducerIdentity> {
    const controller = await this.#connection.controller();
    const { producerId, producerEpoch } = await controller.initProducerId({
      transactionTimeout: TRANSACTION_TIMEOUT_MS,
    });
    this.#current = { producerId: BigInt(producerId), producerEpoch };
    return this.#current;
  }
}
