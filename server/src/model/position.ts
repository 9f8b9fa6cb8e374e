// The position: an opaque token that names an offset in each partition of each stream.

/** For each stream, the next offset of each partition: everything below it is included. Index = partition. */
export type Position = ReadonlyMap<string, readonly number[]>;

const VERSION = "p1";

/** Text form that travels in replies and `after` parameters: URL-safe, no meaning promised to clients. */
export function encodePosition(position: Position): string {
  const body: Record<string, readonly number[]> = {};
  for (const stream of [...position.keys()].sort()) body[stream] = position.get(stream)!;
  return `${VERSION}.${Buffer.from(JSON.stringify(body)).toString("base64url")}`;
}

/** Returns undefined when the token is not one of ours. A third part, the mark that live queries resume by, means nothing here. */
export function decodePosition(token: string): Position | undefined {
  const [version, body, _mark, ...rest] = token.split(".");
  if (version !== VERSION || body === undefined || rest.length > 0 || token.length > 8192) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
    const position = new Map<string, readonly number[]>();
    for (const [stream, offsets] of Object.entries(parsed)) {
      if (!Array.isArray(offsets) || !offsets.every((o) => Number.isSafeInteger(o) && o >= 0)) return undefined;
      position.set(stream, offsets);
    }
    return position;
  } catch {
    return undefined;
  }
}

/** Whether everything in `wanted` is included in `reached`. */
export function covers(reached: Position, wanted: Position): boolean {
  for (const [stream, offsets] of wanted) {
    const have = reached.get(stream);
    for (let partition = 0; partition < offsets.length; partition++) {
      if (offsets[partition]! > (have?.[partition] ?? 0)) return false;
    }
  }
  return true;
}
