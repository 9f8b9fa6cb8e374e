// What the ledger of claims says, as far as it was read: which rows others claimed lately, and what is not settled yet. Bounded.
import { haveCommon } from "../../model/event-ids.ts";
import type { ClaimedRows, EarlierClaim } from "../../model/row-claim.ts";
import { SequenceSet } from "../../model/sequence-set.ts";

/** The holder's process, and its own number for the claim. */
export type ClaimId = readonly [process: string, number: number];

export interface ClaimEntry extends ClaimedRows {
  readonly id: ClaimId;
  /** Of each partition of the stream, its end when the rows were claimed. */
  readonly fromOffsets: readonly number[];
  readonly producer: readonly [producerId: string, producerEpoch: number];
}

/** An entry of the ledger, as JSON text. */
export type LedgerEntry = ClaimEntry | { readonly settled: readonly ClaimId[] };

export interface OpenClaim extends ClaimEntry {
  /** In the ledger. */
  readonly offset: number;
  settled: boolean;
}

export interface ClaimLimits {
  /** A name that was claimed last before this is forgotten. */
  readonly windowMs: number;
  /** Over it those that were claimed last longest ago are forgotten. */
  readonly maxNames: number;
}

/** What was claimed under one name. */
interface Named {
  readonly open: Set<OpenClaim>;
  /** Settled claims of other processes, by stream, taken together. */
  readonly settled: Map<string, { readonly ranges: SequenceSet; fromOffsets: readonly number[] }>;
  atMs: number;
}

export class KnownClaims {
  readonly #ownProcess: string;
  readonly #limits: ClaimLimits;
  /** Claimed longest ago first. */
  readonly #names = new Map<string, Named>();
  readonly #open = new Map<string, OpenClaim>();

  constructor(ownProcess: string, limits: ClaimLimits) {
    this.#ownProcess = ownProcess;
    this.#limits = limits;
  }

  /** How many names there are. */
  get size(): number {
    return this.#names.size;
  }

  /** In the order of the ledger. `atMs` is the broker's time. */
  apply(entry: LedgerEntry, offset: number, atMs: number): void {
    if ("settled" in entry) for (const id of entry.settled) this.#settle(keyOf(id));
    else this.#add({ ...entry, offset, settled: false }, atMs);
  }

  /** Claims on any of the rows: open ones that stand below `offset` in the ledger, oldest first, and what others had settled. */
  before(offset: number, { name, ranges }: ClaimedRows): { open: readonly OpenClaim[]; settled: EarlierClaim[] } {
    const { open = [], settled = [] } = this.#names.get(name) ?? {};
    return {
      open: [...open].filter((claim) => claim.offset < offset && haveCommon(claim.ranges, ranges)),
      settled: [...settled]
        .filter(([, one]) => ranges.some(([first, last]) => one.ranges.overlaps(first, last)))
        .map(([stream, { fromOffsets }]) => ({ stream, fromOffsets })),
    };
  }

  #add(claim: OpenClaim, atMs: number): void {
    const named = this.#names.get(claim.name) ?? { open: new Set(), settled: new Map(), atMs };
    named.atMs = atMs;
    named.open.add(claim);
    this.#open.set(keyOf(claim.id), claim);
    this.#names.delete(claim.name);
    this.#names.set(claim.name, named);
    this.#forgetOld(atMs);
  }

  #settle(key: string): void {
    const claim = this.#open.get(key);
    if (claim === undefined) return;
    claim.settled = true;
    this.#open.delete(key);
    const named = this.#names.get(claim.name)!;
    named.open.delete(claim);
    // What this process has stored it knows.
    if (claim.id[0] !== this.#ownProcess) remember(named, claim);
    else if (named.open.size === 0 && named.settled.size === 0) this.#names.delete(claim.name);
  }

  #forgetOld(nowMs: number): void {
    const { windowMs, maxNames } = this.#limits;
    for (const [name, { open, atMs }] of this.#names) {
      if (this.#names.size <= maxNames && atMs >= nowMs - windowMs) return;
      this.#names.delete(name);
      for (const { id } of open) this.#open.delete(keyOf(id));
    }
  }
}

function remember({ settled }: Named, { stream, ranges, fromOffsets }: OpenClaim): void {
  const known = settled.get(stream) ?? { ranges: new SequenceSet(), fromOffsets };
  for (const [first, last] of ranges) known.ranges.addRange(first, last);
  const shorter = Math.min(known.fromOffsets.length, fromOffsets.length);
  known.fromOffsets = known.fromOffsets.slice(0, shorter).map((from, i) => Math.min(from, fromOffsets[i]!));
  settled.set(stream, known);
}

const keyOf = ([process, number]: ClaimId): string => `${process} ${number}`;
