// Hot path: one verdict on a whole body, in one call of the core (or one a slice), with the accepted rows ready for the log.
import type { ModelCore, RowError, Validation } from "@moose/core";
import { MooseError } from "../model/errors.ts";
import type { RowKeys } from "../model/record-batch.ts";
import { joinKeys, keysOf } from "../model/row-keys.ts";
import { type BodyFormat, cutBody } from "./cut-body.ts";

/** Rows side by side, each followed by "\n", and the partition key of each where the model has one. */
export interface CollectedRows {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
  readonly keys?: RowKeys;
}

export interface Verdict {
  readonly accepted: number;
  readonly rejected: number;
  readonly errors: readonly RowError[];
  readonly errorsTruncated: boolean;
  /** Indexes of the rejected rows, ascending; computed when called. */
  rejectedRows(): Uint32Array;
  /** The accepted rows; computed when called. */
  collect(): CollectedRows;
}

export interface JudgeLimits {
  /** Core.maxInputBytes. */
  readonly maxInputBytes: number;
  readonly maxErrors: number;
}

/** Throws `malformed_body` when the body cannot be read as rows at all. */
export function judgeBody(core: ModelCore, body: Uint8Array, format: BodyFormat, limits: JudgeLimits): Verdict {
  if (body.length === 0) {
    throw new MooseError("malformed_body", "The body is empty. Send a JSON object, an array of objects, or NDJSON.", {
      extra: { offset: 0 },
    });
  }
  if (body.length > limits.maxInputBytes) return judgeSlices(core, body, format, limits);
  const validation = core.validate(body, { format, maxErrors: limits.maxErrors });
  if (validation.unreadable !== undefined) throw unreadable(validation.unreadable, 0);
  const { accepted, rejected, errors, errorsTruncated } = validation;
  return {
    accepted,
    rejected,
    errors,
    errorsTruncated,
    rejectedRows: () => validation.rejectedRows,
    collect: () => collect(core, body, validation),
  };
}

function judgeSlices(core: ModelCore, body: Uint8Array, format: BodyFormat, limits: JudgeLimits): Verdict {
  const judged: { slice: Uint8Array; validation: Validation; firstRow: number }[] = [];
  const errors: RowError[] = [];
  let errorsTruncated = false;
  let accepted = 0;
  let rejected = 0;
  let rows = 0;
  let bytesBefore = 0;
  for (const slice of cutBody(body, format, limits.maxInputBytes)) {
    const validation = core.validate(slice, { format, maxErrors: limits.maxErrors });
    if (validation.unreadable !== undefined) throw unreadable(validation.unreadable, bytesBefore);
    for (const error of validation.errors) {
      if (errors.length < limits.maxErrors) errors.push({ ...error, row: error.row + rows });
      else errorsTruncated = true;
    }
    errorsTruncated ||= validation.errorsTruncated;
    judged.push({ slice, validation, firstRow: rows });
    accepted += validation.accepted;
    rejected += validation.rejected;
    rows += validation.rows;
    bytesBefore += slice.length;
  }
  const rejectedRows = () =>
    Uint32Array.from(
      judged.flatMap(({ validation, firstRow }) => [...validation.rejectedRows].map((row) => row + firstRow)),
    );
  const collectAll = () => join(judged.map(({ slice, validation }) => collect(core, slice, validation)));
  return { accepted, rejected, errors, errorsTruncated, rejectedRows, collect: collectAll };
}

function collect(core: ModelCore, body: Uint8Array, validation: Validation): CollectedRows {
  const rows = core.collect(body, validation);
  const keys = keysOf(validation, rows.ends);
  return keys === undefined ? rows : { ...rows, keys };
}

function join(parts: readonly CollectedRows[]): CollectedRows {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
  const ends = new Uint32Array(parts.reduce((sum, part) => sum + part.ends.length, 0));
  let byteCount = 0;
  let rowCount = 0;
  for (const part of parts) {
    bytes.set(part.bytes, byteCount);
    for (let row = 0; row < part.ends.length; row++) ends[rowCount++] = byteCount + part.ends[row]!;
    byteCount += part.bytes.length;
  }
  const keys = joinKeys(parts);
  return keys === undefined ? { bytes, ends } : { bytes, ends, keys };
}

const unreadable = (reason: { message: string; offset: number }, bytesBefore: number): MooseError =>
  new MooseError(
    "malformed_body",
    `The body cannot be read: ${reason.message} (byte ${reason.offset + bytesBefore}).`,
    {
      extra: { offset: reason.offset + bytesBefore },
    },
  );
