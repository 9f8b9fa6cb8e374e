// Cuts a body that is larger than the core takes at once into slices at row borders.
import type { InputFormat } from "@moose/core";
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  isSpace,
  NEW_LINE,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from "../lib/json-bytes.ts";
import { MooseError } from "../model/errors.ts";

/** Each slice is a body of the same format and holds whole rows, in order. Throws `body_too_large` for one row over the limit. */
export function cutBody(body: Uint8Array, format: "json" | "ndjson", maxBytes: number): readonly Uint8Array[] {
  if (body.length <= maxBytes) return [body];
  return format === "ndjson" ? cutLines(body, maxBytes) : cutArray(body, maxBytes);
}

function cutLines(body: Uint8Array, maxBytes: number): Uint8Array[] {
  const slices: Uint8Array[] = [];
  for (let begin = 0; begin < body.length; ) {
    let end = begin + maxBytes;
    if (end >= body.length) end = body.length;
    else {
      end = body.lastIndexOf(NEW_LINE, end - 1) + 1;
      if (end <= begin) throw rowTooLarge(maxBytes);
    }
    slices.push(body.subarray(begin, end));
    begin = end;
  }
  return slices;
}

/**
 * `[a,b,c]` becomes `[a,b]` and `[c]`: the pieces between the cuts are the original text, so the whole is a valid array exactly when
 * every slice is and no piece is blank. Only commas of the array itself are cut at; what is inside rows is the core's to judge.
 */
function cutArray(body: Uint8Array, maxBytes: number): Uint8Array[] {
  const slices: Uint8Array[] = [];
  let begin = 0;
  let lastComma = -1;
  let depth = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]!;
    if (byte === QUOTE) {
      for (at++; at < body.length && body[at] !== QUOTE; at++) if (body[at] === BACKSLASH) at++;
    } else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) depth++;
    else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth--;
    else if (byte === COMMA && depth === 1) {
      if (tooLong(begin, at, maxBytes)) {
        push(lastComma);
        begin = lastComma + 1;
      }
      if (tooLong(begin, at, maxBytes)) throw rowTooLarge(maxBytes);
      lastComma = at;
    }
  }
  if (tooLong(begin, body.length, maxBytes)) {
    push(lastComma);
    begin = lastComma + 1;
  }
  push(body.length);
  return slices;

  function push(end: number): void {
    if (end <= begin || tooLong(begin, end, maxBytes)) throw rowTooLarge(maxBytes);
    const piece = body.subarray(begin, end);
    if (blank(piece, end === body.length)) {
      throw new MooseError("malformed_body", `The JSON array has a comma without a value before byte ${end}.`, {
        extra: { offset: end },
      });
    }
    const slice = new Uint8Array(piece.length + 2);
    let length = 0;
    if (begin > 0) slice[length++] = OPEN_BRACKET;
    slice.set(piece, length);
    length += piece.length;
    if (end < body.length) slice[length++] = CLOSE_BRACKET;
    slices.push(slice.subarray(0, length));
  }
}

/** Two bytes are kept for the brackets that a slice is given. */
const tooLong = (begin: number, end: number, maxBytes: number): boolean => end - begin > maxBytes - 2;

function blank(piece: Uint8Array, isLast: boolean): boolean {
  for (const byte of piece) {
    if (isSpace(byte)) continue;
    return isLast && byte === CLOSE_BRACKET;
  }
  return true;
}

const rowTooLarge = (maxBytes: number): MooseError =>
  new MooseError("body_too_large", `One row of the body is over ${maxBytes} bytes. A row must fit into that.`, {
    extra: { maxBytes },
  });

/** The formats that a request may have; `sequence` is the log's own. */
export type BodyFormat = Exclude<InputFormat, "sequence">;
