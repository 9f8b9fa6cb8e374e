// Finds the original bytes of refused rows in a body. Only what is kept pays for it: the core tells which rows, not where they stand.
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
import type { BodyFormat } from "./cut-body.ts";

/** Views on the body, without the white space around each row. `rows` ascend; they count as the core counts them. */
export function refusedRows(body: Uint8Array, format: BodyFormat, rows: Uint32Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  let row = 0;
  for (const text of format === "ndjson" ? lines(body) : values(body)) {
    if (found.length === rows.length) break;
    if (row++ === rows[found.length]) found.push(text);
  }
  return found;
}

function* lines(body: Uint8Array): Generator<Uint8Array> {
  for (let begin = 0; begin < body.length; ) {
    const newLine = body.indexOf(NEW_LINE, begin);
    const end = newLine === -1 ? body.length : newLine;
    const line = trim(body, begin, end);
    if (line.length > 0) yield line;
    begin = end + 1;
  }
}

/** The elements of the array that the body is, or the one value. */
function* values(body: Uint8Array): Generator<Uint8Array> {
  const whole = trim(body, 0, body.length);
  if (whole[0] !== OPEN_BRACKET) {
    yield whole;
    return;
  }
  let depth = 0;
  let begin = 1;
  for (let at = 0; at < whole.length; at++) {
    const byte = whole[at]!;
    if (byte === QUOTE) {
      for (at++; at < whole.length && whole[at] !== QUOTE; at++) if (whole[at] === BACKSLASH) at++;
    } else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) depth++;
    else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth--;
    if ((byte === COMMA && depth === 1) || depth === 0) {
      yield trim(whole, begin, at);
      begin = at + 1;
    }
  }
}

function trim(body: Uint8Array, from: number, to: number): Uint8Array {
  let begin = from;
  let end = to;
  while (begin < end && isSpace(body[begin]!)) begin++;
  while (end > begin && isSpace(body[end - 1]!)) end--;
  return body.subarray(begin, end);
}
