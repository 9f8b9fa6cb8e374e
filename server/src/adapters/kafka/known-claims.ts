// What the ledger of claims says, as far as it was read: which rows somebody claimed lately, and whether that is settled. Bounded.
import { haveCommon } from "../../model/event-ids.ts";
import type { ClaimedRows } from "../../model/row-claim.ts";

/** The holder's process, and its own number for the claim. */
export type ClaimId = readonly [process: string, number: number];

/** An entry of the ledger, as JSON text. */
export type LedgerEntry =
  | (ClaimedRows & {
      readonly id: ClaimId;
      readonly fromOffsets: readonly number[];
      readonly producer: readonly [producerId: string, producerEpoch: number];
    })
  | { readonly settled: readonly ClaimId[] };

export interface KnownClaim extends ClaimedRows {
  readonly id: ClaimId;
  /** Of each partition of the stream, its end when the rows were claimed. */
  readonly fromOffsets: readonly number[];
  readonly producer: readonly [producerId: string, producerEpoch: number];
  /** In the ledger. */
  readonly offset: number;
  readonly atMs: number;
  settled: boolean;
}

export interface ClaimLimits {
  /** What was claimed before this is forgotten. */
  readonly windowMs: number;
  /** Over it the oldest are forgotten. */
  readonly maxClaims: number;
}

export class KnownClaims {
  readonly #limits: ClaimLimits;
  /** Oldest first. */
  readonly #byId = new Map<string, KnownClaim>();
  readonly #byName = new Map<string, Set<KnownClaim>>();

  constructor(limits: ClaimLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** In the order of the ledger. `atMs` is the broker's time. */
  apply(entry: LedgerEntry, offset: number, atMs: number): void {
    if ("settled" in entry) {
      for (const id of entry.settled) {
        const claim = this.#byId.get(keyOf(id));
        if (claim !== undefined) claim.settled = true;
      }
      return;
    }
    const claim: KnownClaim = { ...entry, offset, atMs, settled: false };
    this.#byId.set(keyOf(claim.id), claim);
    const named = this.#byName.get(claim.name);
    if (named === undefined) this.#byName.set(claim.name, new Set([claim]));
    else named.add(claim);
    this.#forgetOld(atMs);
  }

  /** Claims on any of the rows that stand below `offset` in the ledger, oldest first. */
  before(offset: number, { name, ranges }: ClaimedRows): readonly KnownClaim[] {
    const named = [...(this.#byName.get(name) ?? [])];
    return named.filter((claim) => claim.offset < offset && haveCommon(claim.ranges, ranges));
  }

  #forgetOld(nowMs: number): void {
    const { windowMs, maxClaims } = this.#limits;
    for (const [key, claim] of this.#byId) {
      if (this.#byId.size <= maxClaims && claim.atMs >= nowMs - windowMs) return;
      this.#byId.delete(key);
      const named = this.#byName.get(claim.name)!;
      named.delete(claim);
      if (named.size === 0) this.#byName.delete(claim.name);
    }
  }
}

const keyOf = ([process, number]: ClaimId): string => `${process} ${number}`;
