// Strings that hold more than plain ASCII: UTF-8 checked byte by byte, escapes read and decoded.
import { firstSpecial, setText } from "./scan";

/** Where scanSlow gave up. */
export let decodeFailure: usize = 0;

/** The value of four hexadecimal digits, or -1. */
export function hex4(p: usize): i32 {
  let value = 0;
  for (let i: usize = 0; i < 4; i++) {
    const digit = hexDigit(load<u8>(p + i));
    if (digit > 15) return -1;
    value = (value << 4) | <i32>digit;
  }
  return value;
}

/** 0 to 15, or 255. */
@inline
export function hexDigit(c: u32): u32 {
  const digit = c - 0x30;
  if (digit < 10) return digit;
  const letter = (c | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : 255;
}

/** Bytes of the well-formed UTF-8 sequence at `p`, which begins with a byte from 0x80; 0 when it is none (RFC 3629). */
@inline
export function sequenceLength(p: usize): usize {
  const a = <u32>load<u8>(p);
  const b = <u32>load<u8>(p, 1);
  if (a < 0xe0) return a >= 0xc2 && (b & 0xc0) == 0x80 ? 2 : 0;
  if ((<u32>load<u8>(p, 2) & 0xc0) != 0x80 || (b & 0xc0) != 0x80) return 0;
  if (a < 0xf0) return (a == 0xe0 && b < 0xa0) || (a == 0xed && b > 0x9f) ? 0 : 3;
  if (a > 0xf4 || (<u32>load<u8>(p, 3) & 0xc0) != 0x80) return 0;
  return (a == 0xf0 && b < 0x90) || (a == 0xf4 && b > 0x8f) ? 0 : 4;
}

/** Goes on with a string that begins at `p` and is plain ASCII up to `q`. Returns the closing quote, or 0. */
export function scanSlow(p: usize, q: usize): usize {
  let points = <u32>(q - p);
  let hasEscapes = false;
  let ok = true;
  while (true) {
    const c = <u32>load<u8>(q);
    if (c == 0x22) break;
    if (c >= 0x80) {
      const length = sequenceLength(q);
      // A byte at a time through what is broken, so that the closing quote is found all the same.
      ok = ok && length != 0;
      q += max<usize>(1, length);
      points++;
    } else if (c == 0x5c) {
      hasEscapes = true;
      const kind = <u32>load<u8>(q, 1);
      if (kind == 0x75) {
        const unit = hex4(q + 2);
        if (unit < 0) return giveUp(q);
        q += 6;
        if ((unit & 0xfc00) == 0xd800 && load<u8>(q) == 0x5c && load<u8>(q, 1) == 0x75) {
          const low = hex4(q + 2);
          if ((low & 0xfc00) == 0xdc00 && low >= 0) q += 6;
          else ok = false;
        } else if ((unit & 0xf800) == 0xd800) ok = false;
      } else if (kind == 0x22 || kind == 0x5c || kind == 0x2f || kind == 0x62 || kind == 0x66 || kind == 0x6e || kind == 0x72 || kind == 0x74) {
        q += 2;
      } else return giveUp(q);
      points++;
    } else if (c < 0x20) {
      return giveUp(q);
    } else {
      const from = q;
      q = firstSpecial(q);
      points += <u32>(q - from);
    }
  }
  setText(hasEscapes, ok, points);
  return q;
}

function giveUp(at: usize): usize {
  decodeFailure = at;
  return 0;
}

/** Writes the text between the quotes at `p` and `end`, escapes decoded, to `to`. Returns the end of what was written. */
export function decodeText(p: usize, end: usize, to: usize): usize {
  while (p < end) {
    const c = <u32>load<u8>(p);
    if (c != 0x5c) {
      store<u8>(to++, c);
      p++;
      continue;
    }
    const kind = <u32>load<u8>(p, 1);
    p += 2;
    if (kind != 0x75) {
      store<u8>(to++, escapeByte(kind));
      continue;
    }
    let point = <u32>hex4(p);
    p += 4;
    if ((point & 0xfc00) == 0xd800) {
      point = 0x10000 + ((point & 0x3ff) << 10) + (<u32>hex4(p + 2) & 0x3ff);
      p += 6;
    }
    to = encodePoint(point, to);
  }
  return to;
}

export function escapeByte(kind: u32): u32 {
  switch (kind) {
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    default:
      return kind;
  }
}

export function encodePoint(point: u32, to: usize): usize {
  if (point < 0x80) {
    store<u8>(to, point);
    return to + 1;
  }
  if (point < 0x800) {
    store<u8>(to, 0xc0 | (point >> 6));
    store<u8>(to, 0x80 | (point & 0x3f), 1);
    return to + 2;
  }
  if (point < 0x10000) {
    store<u8>(to, 0xe0 | (point >> 12));
    store<u8>(to, 0x80 | ((point >> 6) & 0x3f), 1);
    store<u8>(to, 0x80 | (point & 0x3f), 2);
    return to + 3;
  }
  store<u8>(to, 0xf0 | (point >> 18));
  store<u8>(to, 0x80 | ((point >> 12) & 0x3f), 1);
  store<u8>(to, 0x80 | ((point >> 6) & 0x3f), 2);
  store<u8>(to, 0x80 | (point & 0x3f), 3);
  return to + 4;
}

/** Bytes of the text between the quotes at `p` and `end` once its escapes are decoded. */
export function decodedLength(p: usize, end: usize): usize {
  let length: usize = 0;
  while (p < end) {
    if (load<u8>(p) != 0x5c) {
      length++;
      p++;
    } else if (load<u8>(p, 1) != 0x75) {
      length++;
      p += 2;
    } else {
      const unit = <u32>hex4(p + 2);
      const paired = (unit & 0xfc00) == 0xd800;
      length += paired ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
      p += paired ? 12 : 6;
    }
  }
  return length;
}
