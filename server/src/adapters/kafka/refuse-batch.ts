// How appends are refused: those of a batch, and those that go on in the batches behind it.
import { MooseError } from "../../model/errors.ts";
import type { LaneBatch, ProduceLane } from "./produce-lane.ts";

/** Refuses the appends of a batch, with what waits of them. */
export function giveUp(lane: ProduceLane, batch: LaneBatch, error: MooseError): void {
  for (const refused of [batch, ...lane.takeContinuations(batch)]) refuse(refused, error);
}

export function refuse(batch: LaneBatch, error: MooseError): void {
  for (const { waiter } of batch.endings) waiter.reject(error);
  for (const waiter of batch.continued) waiter.reject(error);
}

export const overdue = (stream: string): MooseError =>
  new MooseError("log_unavailable", `Kafka did not store events of "${stream}" in time. Send again a little later.`, {
    retryAfterSeconds: 2,
  });

/** Another process took the claimed rows over, or the broker forgot this producer. */
export const claimLost = (stream: string): MooseError =>
  new MooseError(
    "log_unavailable",
    `Events of "${stream}" were not stored: another request took them over. Send again.`,
    {
      retryAfterSeconds: 1,
    },
  );
