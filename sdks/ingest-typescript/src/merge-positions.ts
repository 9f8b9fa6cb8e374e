// Joins the positions of several acknowledgements into one that covers them all.

const PREFIX = "p1.";

type Offsets = Record<string, number[]>;

/** The greater offset of each partition. A token of a form that this version does not know replaces what was there. */
export function mergePositions(first: string | undefined, second: string): string {
  if (first === undefined || first === second) return second;
  const left = decode(first);
  const right = decode(second);
  if (!left || !right) return second;
  for (const [stream, offsets] of Object.entries(right)) {
    const known = left[stream] ?? [];
    left[stream] = offsets
      .map((offset, partition) => Math.max(known[partition] ?? 0, offset))
      .concat(known.slice(offsets.length));
  }
  return encode(left);
}

function decode(token: string): Offsets | undefined {
  if (!token.startsWith(PREFIX)) return undefined;
  try {
    const base64 = token.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/");
    const text = new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
    return JSON.parse(text) as Offsets;
  } catch {
    return undefined;
  }
}

function encode(offsets: Offsets): string {
  const sorted = Object.fromEntries(Object.entries(offsets).sort(([a], [b]) => (a < b ? -1 : 1)));
  const bytes = new TextEncoder().encode(JSON.stringify(sorted));
  const base64 = btoa(String.fromCharCode(...bytes));
  return PREFIX + base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
