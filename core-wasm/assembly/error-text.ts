// Puts the kept errors into words, so that no host has to: code, path, expected and got as UTF-8, in the program or behind the arena's top.
import { FIELD_STEP, INDEX_STEP, stepsOf } from "./errors";
import {
  E_BREAK, E_CODE, E_DEPTH, E_GOT, E_NODE, E_TEXTS, ERROR_BYTES, F_NAME, F_NAME_LENGTH, INVALID_JSON, MAX_STEPS, N_BYTES, P_NODES, P_SIZE, PROGRAM,
  STEP_BYTES, TEXT_BREAKS, TEXT_BYTE_ORDER_MARK, TEXT_EARLY_END, TEXT_EXPECTED, TEXT_MARK, TEXT_NODES, TEXT_TOO_DEEP, TOO_DEEP,
} from "./layout";
import { reach, top } from "./memory";
import { encodePoint, escapeByte, hex4, sequenceLength } from "./text";

const MAX_GOT_POINTS: u32 = 100;
/** More than one record writes apart from its names and the type's text. */
const FIXED_BYTES: usize = 1024;

/** Where the next byte goes. Nothing is allocated behind it before the next call. */
let to: usize = 0;

/** Entry `index` of the program's texts: begin (from the texts' own begin) and length. */
@inline
function textEntry(index: u32): usize {
  return PROGRAM + <usize>load<u32>(PROGRAM, P_SIZE) + (<usize>index << 3);
}

@inline
function textBegin(index: u32): usize {
  return PROGRAM + <usize>load<u32>(PROGRAM, P_SIZE) + <usize>load<u32>(textEntry(index));
}

@inline
function textLength(index: u32): usize {
  return <usize>load<u32>(textEntry(index), 4);
}

function writeNumber(value: u32): void {
  let divisor: u32 = 1;
  while (value / divisor >= 10) divisor *= 10;
  for (; divisor > 0; divisor /= 10) store<u8>(to++, 0x30 + ((value / divisor) % 10));
}

/** Writes a text of the program; `value` where the mark stands in it. */
function writeText(index: u32, value: u32): void {
  const begin = textBegin(index);
  const end = begin + textLength(index);
  for (let at = begin; at < end; at++) {
    const c = <u32>load<u8>(at);
    if (c == TEXT_MARK) writeNumber(value);
    else store<u8>(to++, c);
  }
}

/** Copies text until its end or `most` characters. Each byte that is no UTF-8 becomes U+FFFD. */
function writeRaw(at: usize, end: usize, most: u32): void {
  while (at < end && most-- > 0) at = copyPoint(at, end);
}

function copyPoint(at: usize, end: usize): usize {
  const first = load<u8>(at);
  if (first < 0x80) {
    store<u8>(to++, first);
    return at + 1;
  }
  const length: usize = sequenceLength(at);
  if (length == 0 || at + length > end) {
    to = encodePoint(0xfffd, to);
    return at + 1;
  }
  memory.copy(to, at, length);
  to += length;
  return at + length;
}

/** Writes a name as a part of a JSON Pointer; `isJson` when its escapes are still in it. */
function writeName(at: usize, end: usize, isJson: bool): void {
  // A byte grows to three at most.
  reach(to + (end - at) * 3 + FIXED_BYTES);
  store<u8>(to++, 0x2f);
  while (at < end) {
    const from = to;
    at = isJson && load<u8>(at) == 0x5c ? decodeEscape(at) : copyPoint(at, end);
    // ~ and / are written as ~0 and ~1.
    const c = <u32>load<u8>(from);
    if (c == 0x7e || c == 0x2f) {
      store<u8>(from, 0x7e);
      store<u8>(to++, c == 0x7e ? 0x30 : 0x31);
    }
  }
}

/** `at` is at the backslash of an escape whose syntax was checked. Half of a surrogate pair becomes U+FFFD. */
function decodeEscape(at: usize): usize {
  const kind = <u32>load<u8>(at, 1);
  if (kind != 0x75) {
    store<u8>(to++, escapeByte(kind));
    return at + 2;
  }
  let point = <u32>hex4(at + 2);
  at += 6;
  if ((point & 0xf800) == 0xd800) {
    const low = load<u16>(at) == 0x755c ? hex4(at + 2) : -1;
    const paired = (point & 0xfc00) == 0xd800 && low >= 0 && (low & 0xfc00) == 0xdc00;
    point = paired ? 0x10000 + ((point & 0x3ff) << 10) + (<u32>low & 0x3ff) : 0xfffd;
    if (paired) at += 6;
  }
  to = encodePoint(point, to);
  return at;
}

function writePath(steps: usize, count: u32, input: usize): void {
  const end = steps + <usize>min<u32>(count, MAX_STEPS) * STEP_BYTES;
  for (let step = steps; step < end; step += STEP_BYTES) {
    const first = load<u32>(step);
    const second = load<u32>(step, 4);
    reach(to + FIXED_BYTES);
    if (second == INDEX_STEP) {
      store<u8>(to++, 0x2f);
      writeNumber(first);
    } else if (second == FIELD_STEP) {
      const name = PROGRAM + <usize>load<u32>(<usize>first, F_NAME);
      writeName(name, name + <usize>load<u32>(<usize>first, F_NAME_LENGTH), false);
    } else writeName(input + <usize>first, input + <usize>second, true);
  }
}

/** The text that tells what was expected: the code's own, else the node's. */
function expectedIndex(record: usize): u32 {
  const own = TEXT_EXPECTED + load<u32>(record, E_CODE);
  const node = <usize>load<u32>(record, E_NODE);
  if (textLength(own) != 0 || node == 0) return own;
  const first = PROGRAM + <usize>load<u32>(PROGRAM, P_NODES);
  return TEXT_NODES + <u32>((node - first) / N_BYTES);
}

/** Notes where the text that begins at `from` stands, as the record's text number `index`. */
@inline
function noteText(record: usize, index: usize, from: usize): void {
  store<u32>(record + (index << 3), <u32>from, E_TEXTS);
  store<u32>(record + (index << 3), <u32>(to - from), E_TEXTS + 4);
}

/** The same for a text of the program, which stays where it is: it comes with every error of its kind, and a host may keep it. */
@inline
function noteProgramText(record: usize, index: usize, text: u32): void {
  store<u32>(record + (index << 3), <u32>textBegin(text), E_TEXTS);
  store<u32>(record + (index << 3), <u32>textLength(text), E_TEXTS + 4);
}

/** Puts `count` records at `begin` into words; their offsets count from `input`. The texts stand until the next call. */
export function writeErrorTexts(begin: usize, count: u32, input: usize): void {
  to = top;
  for (let i: u32 = 0; i < count; i++) {
    const record = begin + <usize>i * ERROR_BYTES;
    const expected = expectedIndex(record);
    const code = load<u32>(record, E_CODE);
    noteProgramText(record, 0, code);
    let from = to;
    writePath(stepsOf(i), load<u32>(record, E_DEPTH), input);
    noteText(record, 1, from);
    reach(to + textLength(expected) + FIXED_BYTES);
    from = to;
    if (code == INVALID_JSON) {
      writeText(expected, load<u32>(record, E_BREAK));
      noteText(record, 2, from);
      from = to;
    } else noteProgramText(record, 2, expected);
    writeRaw(input + <usize>load<u32>(record, E_GOT), input + <usize>load<u32>(record, E_GOT + 4), MAX_GOT_POINTS);
    noteText(record, 3, from);
  }
}

/** Why an input of `length` bytes at `input` cannot be read: begin and length of the text are stored at `answer`. */
export function writeUnreadable(answer: usize, input: usize, length: usize, offset: u32, code: u32): void {
  to = top;
  reach(to + FIXED_BYTES);
  let text: u32 = TEXT_BREAKS;
  if (code == TOO_DEEP) text = TEXT_TOO_DEEP;
  else if (<usize>offset >= length) text = TEXT_EARLY_END;
  else if (offset == 0 && load<u16>(input) == 0xbbef) text = TEXT_BYTE_ORDER_MARK;
  const from = to;
  writeText(text, offset);
  store<u32>(answer, <u32>from);
  store<u32>(answer, <u32>(to - from), 4);
}
