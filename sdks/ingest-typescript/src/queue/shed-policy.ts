// Which stored events go when a queue that sheds is full: pure, sender.ts applies it.
import type { ChunkSize } from "./event-queue.ts";

export interface ShedQuestion {
  readonly chunks: readonly (ChunkSize & { readonly underWay?: boolean })[];
  /** Models whose events go before all others, in this order. */
  readonly shedFirst: readonly string[];
  readonly maxBytes: number;
  /** That are to come in. */
  readonly moreBytes: number;
}

/**
 * The keys of the chunks that go, in the order in which they go: models of `shedFirst`, then all others, each oldest first. What is under way stays.
 * Undefined when that would not be enough: nothing goes then, and what is to come in has no room.
 */
export function chunksToShed({ chunks, shedFirst, maxBytes, moreBytes }: ShedQuestion): number[] | undefined {
  let tooMany = moreBytes - maxBytes;
  for (const { bytes } of chunks) tooMany += bytes;
  const rank = ({ model }: ChunkSize): number =>
    (shedFirst.indexOf(model) + shedFirst.length + 1) % (shedFirst.length + 1);
  const candidates = chunks.filter((chunk) => !chunk.underWay).sort((a, b) => rank(a) - rank(b) || a.key - b.key);
  const shed: number[] = [];
  for (const { key, bytes } of candidates) {
    if (tooMany <= 0) break;
    shed.push(key);
    tooMany -= bytes;
  }
  return tooMany > 0 ? undefined : shed;
}
