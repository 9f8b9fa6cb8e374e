// The identity under which a partition's batches are produced: its number and the sequence by which the broker knows a repetition.

export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** Sequences are 31 bits, and begin again at 0. */
const SEQUENCES = 2 ** 31;

export class ProducerSession {
  readonly identity: ProducerIdentity;
  #next = 0;

  constructor(identity: ProducerIdentity) {
    this.identity = identity;
  }

  /** Of the next batch. A batch that is sent again keeps it. */
  get baseSequence(): number {
    return this.#next;
  }

  /** The broker has the batch. */
  advance(count: number): void {
    this.#next = (this.#next + count) % SEQUENCES;
  }
}
