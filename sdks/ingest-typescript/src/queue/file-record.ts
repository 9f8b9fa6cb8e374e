// How the queue's file is written: records that say their length and checksum, so that a torn end is found. Pure.
import { crc32 } from "node:zlib";
import type { Chunk } from "./event-queue.ts";

/*
 * file    "MOOSEQ1\n" record*
 * record  length u32 | CRC-32 of the content u32 | content      (little endian)
 * content JSON "\n" body                                        (a chunk: its head and its rows)
 *       | JSON "\n"                                             (keys that have left, and the position)
 */
export const FILE_MAGIC: Uint8Array = Buffer.from("MOOSEQ1\n");
const PREFIX_BYTES = 8;
const NEWLINE = 10;

export type ChunkHead = Omit<Chunk, "body"> & { readonly key: number };

/** Chunks that have left the queue, and the position that was told with them. */
export interface Departure {
  readonly removed: readonly number[];
  readonly position?: string;
  readonly positionAtMs?: number;
  /** The next key, when no chunk is left to tell it. */
  readonly nextKey?: number;
}

export type FileRecord =
  | { readonly head: ChunkHead /** Of the body, in the file. */; readonly at: number; readonly bytes: number }
  | { readonly departure: Departure };

export const chunkRecord = (head: ChunkHead, body: Uint8Array): Uint8Array => record(JSON.stringify({ head }), body);
export const departureRecord = (departure: Departure): Uint8Array => record(JSON.stringify({ departure }));

/** Bytes of a chunk's record before its body. */
export const bodyOffset = (head: ChunkHead): number => PREFIX_BYTES + Buffer.byteLength(JSON.stringify({ head })) + 1;

function record(json: string, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  const head = Buffer.from(`${json}\n`);
  const bytes = Buffer.alloc(PREFIX_BYTES + head.length + body.length);
  bytes.set(head, PREFIX_BYTES);
  bytes.set(body, PREFIX_BYTES + head.length);
  bytes.writeUInt32LE(head.length + body.length, 0);
  bytes.writeUInt32LE(crc32(bytes.subarray(PREFIX_BYTES)), 4);
  return bytes;
}

/** Reads the records from the beginning of a file, up to the first that is not whole; `end` is where it begins. Undefined when this is no queue. */
export function readRecords(
  file: Buffer,
): { readonly records: readonly FileRecord[]; readonly end: number } | undefined {
  if (!FILE_MAGIC.every((byte, at) => at >= file.length || file[at] === byte)) return undefined;
  const records: FileRecord[] = [];
  let end = FILE_MAGIC.length;
  while (end + PREFIX_BYTES <= file.length) {
    const content = file.subarray(end + PREFIX_BYTES, end + PREFIX_BYTES + file.readUInt32LE(end));
    if (
      content.length === 0 ||
      content.length < file.readUInt32LE(end) ||
      crc32(content) !== file.readUInt32LE(end + 4)
    )
      break;
    const line = content.indexOf(NEWLINE) + 1;
    const said = JSON.parse(content.toString("utf8", 0, line)) as { head?: ChunkHead; departure?: Departure };
    if (said.head) records.push({ head: said.head, at: end + PREFIX_BYTES + line, bytes: content.length - line });
    else if (said.departure) records.push({ departure: said.departure });
    end += PREFIX_BYTES + content.length;
  }
  return { records, end };
}
