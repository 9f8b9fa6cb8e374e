// Writes refused events as rows of the model `_quarantine`. Pure, but for the ids of events that stand nowhere yet.
import { isUtf8 } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { toUSVString } from "node:util";
import type { QuarantinedEvents } from "../ports/quarantine.ts";

const MAX_REASON_CHARACTERS = 1_000;
const MAX_STACK_CHARACTERS = 8_000;
const ID_BYTES = 12;

/** One line of JSON for each event; one for a stretch that the log lost. */
export function entryRows(refused: QuarantinedEvents, quarantinedAtMs: number): string[] {
  const shared = {
    model: refused.model,
    quarantinedAt: new Date(quarantinedAtMs).toISOString(),
    source: refused.source,
    version: refused.version,
    stream: refused.stream,
    by: refused.by,
    code: refused.code,
    reason: textOf(refused.reason, MAX_REASON_CHARACTERS),
    stack: textOf(refused.stack ?? "", MAX_STACK_CHARACTERS),
    receivedAt: new Date(refused.receivedAtMs).toISOString(),
    ...(refused.partition === undefined ? {} : { partition: refused.partition }),
  };
  const { firstOffset, lastOffset } = refused;
  const place = (index: number) => (firstOffset === undefined ? {} : { offset: String(firstOffset + index) });
  if (refused.events.length === 0) {
    const end = lastOffset === undefined ? {} : { lastOffset: String(lastOffset) };
    const lost = { id: idOf(refused, 0), ...shared, ...place(0), ...end, errors: [], encoding: "lost", event: "" };
    return [JSON.stringify(lost)];
  }
  return refused.events.map((bytes, index) =>
    JSON.stringify({
      id: idOf(refused, index),
      ...shared,
      ...place(index),
      errors: (refused.errors?.[index] ?? []).map(({ path, code, expected, got }) => ({
        path: toUSVString(path),
        code,
        expected: toUSVString(expected),
        got: toUSVString(got),
      })),
      ...encodeEvent(bytes),
    }),
  );
}

export type EventEncoding = "utf8" | "base64" | "lost";

/** Text where it is text, for people and SQL; base64 for everything that JSON text cannot hold byte for byte. */
export function encodeEvent(bytes: Uint8Array): { encoding: EventEncoding; event: string } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer)
    ? { encoding: "utf8", event: buffer.toString("utf8") }
    : { encoding: "base64", event: buffer.toString("base64") };
}

/** The original bytes; undefined where the log lost them. */
export function decodeEvent(encoding: EventEncoding, event: string): Buffer | undefined {
  return encoding === "lost" ? undefined : Buffer.from(event, encoding);
}

/** The same for the same event at the same place; random for one that never had a place. */
function idOf(refused: QuarantinedEvents, index: number): string {
  const { source, by, stream, partition, firstOffset } = refused;
  if (partition === undefined || firstOffset === undefined) return randomBytes(ID_BYTES).toString("hex");
  const place = JSON.stringify([source, by, stream, partition, firstOffset + index]);
  return createHash("sha256")
    .update(place)
    .digest("hex")
    .slice(0, 2 * ID_BYTES);
}

/** A cut may part a surrogate pair, which JSON text must not hold. */
const textOf = (text: string, most: number): string => toUSVString(text.slice(0, most));
