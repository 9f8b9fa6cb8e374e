// Addresses as ClickHouse prints them: the longest run of zeros as "::", an IPv4 address inside an IPv6 one with dots.

export function ipv4Text(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

export function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[i * 2]! << 8) | bytes[i * 2 + 1]!);
  const [from, length] = longestZeros(groups);
  const embedsIpv4 = from === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff));
  const parts = groups.map((group) => group.toString(16));
  if (embedsIpv4) parts.splice(6, 2, ipv4Text(((groups[6]! << 16) | groups[7]!) >>> 0));
  if (length < 2) return parts.join(":");
  return `${parts.slice(0, from).join(":")}::${parts.slice(from + length).join(":")}`;
}

/** Begin and length of the first longest run. */
function longestZeros(groups: readonly number[]): [from: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let from = 0; from < groups.length; from++) {
    let to = from;
    while (to < groups.length && groups[to] === 0) to++;
    if (to - from > best[1]) best = [from, to - from];
  }
  return best;
}
