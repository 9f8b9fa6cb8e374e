// What goes into quarantine when the table refuses an event, or the log has lost some.
import { modelOfStream } from "../model/manifest.ts";
import { rowBytesOf } from "../model/record-rows.ts";
import type { QuarantinedEvents } from "../ports/quarantine.ts";
import type { Range, Slice, Source } from "./encode-block.ts";

export function refusedByTable({ name, partition }: Source, slice: Slice, reason: string): QuarantinedEvents {
  return {
    source: "table",
    ...ownerOf(name),
    reason,
    code: "table_refused",
    partition,
    firstOffset: slice.first,
    events: rowBytesOf(slice.batches),
    receivedAtMs: slice.batches[0]!.receivedAtMs,
  };
}

export function lostByLog({ name, partition }: Source, range: Range, reason: string, nowMs: number): QuarantinedEvents {
  return {
    source: "log",
    ...ownerOf(name),
    reason,
    code: "log_damaged",
    partition,
    firstOffset: range.first,
    lastOffset: range.last,
    events: [],
    receivedAtMs: nowMs,
  };
}

function ownerOf(stream: string) {
  const model = modelOfStream(stream);
  return { model, version: stream.slice(model.length + 1), stream, by: "" };
}
