// Puts the rows of a request that validation refused into quarantine, as far as the budget for them goes.
import type { ModelCore, RowError } from "@moose/core";
import type { EventError, Quarantine } from "../ports/quarantine.ts";
import type { Log } from "../telemetry/log.ts";
import type { BodyFormat } from "./cut-body.ts";
import type { RefusalBudget } from "./refusal-budget.ts";
import { refusedRows } from "./refused-rows.ts";

export interface RefusedBody {
  readonly core: ModelCore;
  readonly stream: string;
  readonly body: Uint8Array;
  readonly format: BodyFormat;
  readonly rejectedRows: Uint32Array;
  /** Of the first of them; those of the others are found out here. */
  readonly errors: readonly RowError[];
  readonly errorsTruncated: boolean;
  /** Names a row among all requests, if the request does: then keeping it again adds nothing. */
  readonly nameOf?: (row: number) => string;
  readonly receivedAtMs: number;
}

/** How many are durable in quarantine. Never rejects: rows that could not be kept are the sender's to keep, and its reply says so. */
export type KeepRefused = (refused: RefusedBody) => Promise<number>;

export interface KeepRefusedOptions {
  readonly quarantine: Quarantine;
  readonly budget: RefusalBudget;
  readonly log: Log;
  /** Rows that were not kept. */
  readonly onDropped?: (model: string, rows: number) => void;
}

const MAX_ERRORS_OF_A_ROW = 20;
const SAY_AGAIN_MS = 60_000;

export function createKeepRefused({ quarantine, budget, log, onDropped }: KeepRefusedOptions): KeepRefused {
  let saidAtMs = Number.NEGATIVE_INFINITY;

  function dropped(model: string, rows: number, reason: string): void {
    onDropped?.(model, rows);
    const nowMs = performance.now();
    if (nowMs - saidAtMs < SAY_AGAIN_MS) return;
    saidAtMs = nowMs;
    log.warn("Refused rows are not kept in quarantine; their senders were told", { model, reason });
  }

  return async (refused) => {
    const { core, stream, rejectedRows, nameOf, receivedAtMs } = refused;
    const { name: model, version } = core.spec;
    const all = refusedRows(refused.body, refused.format, rejectedRows);
    const events: Uint8Array[] = [];
    for (const event of all) {
      if (!budget.take(event.length)) break;
      events.push(event);
    }
    if (events.length < all.length)
      dropped(model, all.length - events.length, "the limit of bytes for them is used up");
    if (events.length === 0) return 0;
    const known = errorsByRow(refused.errors, refused.errorsTruncated);
    const errors = events.map((event, at) => known.get(rejectedRows[at]!) ?? judgeAgain(core, event));
    const names = nameOf && events.map((_, at) => nameOf(rejectedRows[at]!));
    try {
      await quarantine.put({
        source: "ingest",
        model,
        version,
        stream,
        by: "",
        reason: "The row is not valid",
        code: "rejected",
        events,
        errors,
        ...(names === undefined ? {} : { names }),
        receivedAtMs,
      });
    } catch (error) {
      dropped(model, events.length, error instanceof Error ? error.message : String(error));
      return 0;
    }
    return events.length;
  };
}

/** When there were more than were told, those of the last row may not be all. */
function errorsByRow(errors: readonly RowError[], truncated: boolean): Map<number, EventError[]> {
  const rows = new Map<number, EventError[]>();
  for (const { row, ...error } of errors) {
    const others = rows.get(row);
    if (others === undefined) rows.set(row, [error]);
    else others.push(error);
  }
  if (truncated && errors.length > 0) rows.delete(errors.at(-1)!.row);
  return rows;
}

/** As a line of its own; a row of several lines comes from an array, where it stood among rows that were told. */
function judgeAgain(core: ModelCore, event: Uint8Array): EventError[] {
  if (event.includes(0x0a)) return [];
  const { errors } = core.validate(event, { format: "ndjson", maxErrors: MAX_ERRORS_OF_A_ROW });
  return errors.map(({ row, ...error }) => error);
}
