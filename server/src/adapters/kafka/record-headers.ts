// The headers of Moose's records: the same bytes for all events that were received together, and behind them the id of each event.
import { writeVarint } from "./record-batch-layout.ts";

export interface EventOrigin {
  readonly schemaId: string;
  readonly receivedAtMs: number;
}

/** Where a record's headers differ from those of its neighbours: this one is the last. */
export const EVENT_ID_HEADER = "moose-event-id";

/** Count and common headers of a record. `ownHeaders`: how many of its own follow. */
export function encodeHeaders(stream: string, { schemaId, receivedAtMs }: EventOrigin, ownHeaders: number): Buffer {
  // "Flight.1.0" is the model Flight in version 1.0.
  const dot = stream.indexOf(".");
  const pairs = [
    ["moose-model", dot < 0 ? stream : stream.slice(0, dot)],
    ["moose-version", dot < 0 ? "" : stream.slice(dot + 1)],
    ["moose-schema", schemaId],
    ["moose-received-at", String(receivedAtMs)],
  ] as const;
  const bytes = Buffer.alloc(
    pairs.reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value) + 10, 5),
  );
  let at = writeVarint(bytes, 0, pairs.length + ownHeaders);
  for (const pair of pairs) {
    for (const text of pair) {
      const from = writeVarint(bytes, at, Buffer.byteLength(text));
      at = from + bytes.write(text, from);
    }
  }
  return bytes.subarray(0, at);
}

export interface DecodedHeaders {
  /** undefined: another producer's record. */
  readonly origin: EventOrigin | undefined;
  /** End of the headers that neighbours share. */
  readonly commonBytes: number;
}

/** Of headers as a record holds them, their count first; others than Moose's may be among them. */
export function decodeHeaders(bytes: Buffer): DecodedHeaders {
  let at = 0;
  const varint = (): number => {
    let coded = 0;
    for (let shift = 0; shift < 35 && at < bytes.length; shift += 7) {
      const byte = bytes[at++]!;
      coded |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return (coded >>> 1) ^ -(coded & 1);
  };
  const text = (): string => {
    const length = Math.max(0, varint());
    at += length;
    return bytes.toString("utf8", at - length, at);
  };
  let schemaId = "";
  let receivedAtMs = Number.NaN;
  let commonBytes = bytes.length;
  for (let left = varint(); left > 0; left--) {
    const from = at;
    const name = text();
    const value = text();
    if (name === "moose-schema") schemaId = value;
    else if (name === "moose-received-at") receivedAtMs = Number(value);
    else if (name === EVENT_ID_HEADER && left === 1) commonBytes = from;
  }
  const isOurs = schemaId !== "" && Number.isSafeInteger(receivedAtMs);
  return { origin: isOurs ? { schemaId, receivedAtMs } : undefined, commonBytes };
}
