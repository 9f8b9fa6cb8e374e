// Writes refused events as rows of the model `_quarantine`. Pure, but for the ids of events that stand nowhere yet.
import { isUtf8 } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { toUSVString } from "node:util";
import type { EventError, QuarantinedEvents } from "../ports/quarantine.ts";

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
    stack: textOf(refused.stack ?? "", MAX_STACK_CHARACTERS),
    receivedAt: new Date(refused.receivedAtMs).toISOString(),
    ...(refused.partition === undefined ? {} : { partition: refused.partition }),
  };
  const { firstOffset, lastOffset } = refused;
  const place = (index: number) => (firstOffset === undefined ? {} : { offset: String(firstOffset + index) });
  if (refused.events.length === 0) {
    const end = lastOffset === undefined ? {} : { lastOffset: String(lastOffset) };
    const why = reasonOf(refused, []);
    const lost = { id: idOf(refused, 0), ...shared, ...place(0), ...end, ...why, encoding: "lost", event: "" };
    return [JSON.stringify(lost)];
  }
  return refused.events.map((bytes, index) =>
    JSON.stringify({
      id: idOf(refused, index),
      ...shared,
      ...place(index),
      ...reasonOf(refused, refused.errors?.[index] ?? []),
      ...encodeEvent(bytes),
    }),
  );
}

const MAX_ERRORS_IN_WORDS = 3;

/** In words, from the event's own violations where they are known. */
function reasonOf({ code, reason }: QuarantinedEvents, given: readonly EventError[]) {
  const errors = given.map(({ path, code, expected, got }) => ({
    path: toUSVString(path),
    code,
    expected: toUSVString(expected),
    got: toUSVString(got),
  }));
  const first = errors[0];
  if (first === undefined) return { code, reason: textOf(reason, MAX_REASON_CHARACTERS), errors };
  const words = errors.slice(0, MAX_ERRORS_IN_WORDS).map(({ path, expected, got }) => {
    const where = path === "" ? "" : `${path}: `;
    return `${where}expected ${expected}${got === "" ? "" : `, got ${got}`}`;
  });
  const more = errors.length > words.length ? [`and ${errors.length - words.length} more`] : [];
  return { code: first.code, reason: textOf([...words, ...more].join("; "), MAX_REASON_CHARACTERS), errors };
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
  const name = refused.names?.[index];
  if (name === undefined && (partition === undefined || firstOffset === undefined)) {
    return randomBytes(ID_BYTES).toString("hex");
  }
  const place = JSON.stringify([
    source,
    by,
    stream,
    ...(name === undefined ? [partition, firstOffset! + index] : [name]),
  ]);
  return createHash("sha256")
    .update(place)
    .digest("hex")
    .slice(0, 2 * ID_BYTES);
}

/** A cut may part a surrogate pair, which JSON text must not hold. */
const textOf = (text: string, most: number): string => toUSVString(text.slice(0, most));
