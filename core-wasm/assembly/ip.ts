// IP addresses from their text: four decimal octets, and the forms of RFC 4291 without zone ids.

/** The address read last: an IPv4 as a number; an IPv6 as its 16 bytes, loaded little endian. */
export let ipv4: u32 = 0;
export let ipv6First: u64 = 0;
export let ipv6Second: u64 = 0;

/** Four decimal octets without leading zeros. */
export function readIpv4(p: usize, end: usize): bool {
  let value: u32 = 0;
  for (let part = 0; part < 4; part++) {
    if (part > 0 && (p >= end || load<u8>(p++) != 0x2e)) return false;
    const first = p;
    let octet: u32 = 0;
    while (p < end && p - first < 4 && <u32>load<u8>(p) - 0x30 < 10) octet = octet * 10 + (<u32>load<u8>(p++) - 0x30);
    if (p == first || octet > 255 || (load<u8>(first) == 0x30 && p - first > 1)) return false;
    value = (value << 8) | octet;
  }
  ipv4 = value;
  return p == end;
}

/** Four hexadecimal digits at most; 0xffffffff when there are none. `groupEnd` is behind them. */
let groupEnd: usize = 0;

function readGroup(p: usize, end: usize): u32 {
  const first = p;
  let value: u32 = 0;
  while (p < end && p - first < 4) {
    const c = <u32>load<u8>(p);
    const letter = (c | 0x20) - 0x61;
    if (c - 0x30 < 10) value = (value << 4) | (c - 0x30);
    else if (letter < 6) value = (value << 4) | (letter + 10);
    else break;
    p++;
  }
  groupEnd = p;
  return p == first ? 0xffffffff : value;
}

let high: u64 = 0;
let low: u64 = 0;

function push(group: u32): void {
  high = (high << 16) | (low >> 48);
  low = (low << 16) | <u64>group;
}

/** Eight groups, a run of zero groups as "::" once, the last two groups as an IPv4 address if so wished. */
export function readIpv6(p: usize, end: usize): bool {
  let groups = 0;
  let gap = -1;
  high = 0;
  low = 0;
  if (end - p >= 2 && load<u16>(p) == 0x3a3a) {
    gap = 0;
    p += 2;
  }
  while (p < end) {
    if (groups >= 8) return false;
    if (groups <= 6 && readIpv4(p, end)) {
      push(ipv4 >> 16);
      push(ipv4 & 0xffff);
      groups += 2;
      p = end;
      break;
    }
    const group = readGroup(p, end);
    if (group == 0xffffffff) return false;
    push(group);
    groups++;
    p = groupEnd;
    if (p == end) break;
    if (load<u8>(p) != 0x3a) return false;
    p++;
    // A colon needs a group behind it, unless it is the second of "::".
    if (p == end) return false;
    if (load<u8>(p) == 0x3a) {
      if (gap >= 0) return false;
      gap = groups;
      p++;
    }
  }
  if (gap < 0) {
    if (groups != 8) return false;
  } else {
    if (groups > 7) return false;
    openGap(groups - gap, 8 - groups);
  }
  ipv6First = bswap<u64>(high);
  ipv6Second = bswap<u64>(low);
  return true;
}

/** Moves all but the last `behind` groups up by `missing` groups. */
function openGap(behind: i32, missing: i32): void {
  const bits = behind * 16;
  const lowKept: u64 = bits >= 64 ? low : low & (((<u64>1) << bits) - 1);
  const highKept: u64 = bits <= 64 ? 0 : high & (((<u64>1) << (bits - 64)) - 1);
  let restHigh = high & ~highKept;
  let restLow = low & ~lowKept;
  for (let i = 0; i < missing; i++) {
    restHigh = (restHigh << 16) | (restLow >> 48);
    restLow <<= 16;
  }
  high = restHigh | highKept;
  low = restLow | lowKept;
}
