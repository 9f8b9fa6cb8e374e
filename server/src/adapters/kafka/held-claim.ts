// A claim on rows, and the producer identity under which alone they may be stored: fencing that identity ends the claim.
import type { NewRecords } from "../../model/record-batch.ts";
import type { EarlierClaim, RowClaim } from "../../model/row-claim.ts";
import type { ProducerIdentity } from "./producer-session.ts";

export class HeldClaim implements RowClaim {
  readonly holder: ProducerIdentity;
  readonly earlier: readonly EarlierClaim[];
  readonly #onSettle: () => void;
  #settled = false;

  constructor(holder: ProducerIdentity, earlier: readonly EarlierClaim[], onSettle: () => void) {
    this.holder = holder;
    this.earlier = earlier;
    this.#onSettle = onSettle;
  }

  settle(): void {
    if (!this.#settled) this.#onSettle();
    this.#settled = true;
  }
}

/** Undefined for rows that nobody claimed. */
export const holderOf = ({ claim }: NewRecords): ProducerIdentity | undefined =>
  claim instanceof HeldClaim ? claim.holder : undefined;
