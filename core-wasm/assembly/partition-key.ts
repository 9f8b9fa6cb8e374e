// The partition keys of the accepted rows: where each stands, and the hash by which Kafka's default partitioner would place it.
import { findKeyText, keyText, keyTextEnd } from "./canonical-key";
import { HAS_PARTITION_KEY, P_FLAGS, PROGRAM } from "./layout";
import { reach, take, top } from "./memory";
import { decodeText } from "./text";

/** Three words an accepted row: hash, begin and end in the input; both NO_KEY when the input does not hold the key. 0 when the model has none. */
export let partitionKeys: usize = 0;

const NO_KEY: u32 = 0xffffffff;
const RECORD: usize = 12;

let hasKey: bool = false;
let cursor: usize = 0;
let capacity: usize = 0;
let input: usize = 0;

/** The key of the row under way: its JSON text; 0 while there is none. */
let begin: usize = 0;
let end: usize = 0;
/** Its type. */
let keyNode: usize = 0;

/** Begins an input. */
export function beginPartitionKeys(inputBegin: usize): void {
  hasKey = (load<u32>(PROGRAM, P_FLAGS) & HAS_PARTITION_KEY) != 0;
  partitionKeys = hasKey ? take(0) : 0;
  cursor = partitionKeys;
  capacity = partitionKeys;
  input = inputBegin;
  begin = 0;
}

export function setPartitionKey(node: usize, from: usize, to: usize): void {
  keyNode = node;
  begin = from;
  end = to;
}

/** Notes the key of a row that ends. */
@inline
export function endPartitionKey(accepted: bool): void {
  if (hasKey) noteKey(accepted);
}

function noteKey(accepted: bool): void {
  if (accepted) {
    if (cursor + RECORD > capacity) grow();
    // A default stands in the program, before every input.
    const inInput = begin > input;
    store<u32>(cursor, begin == 0 ? 0 : hashKey());
    store<u32>(cursor, inInput ? <u32>(begin - input) : NO_KEY, 4);
    store<u32>(cursor, inInput ? <u32>(end - input) : NO_KEY, 8);
    cursor += RECORD;
  }
  begin = 0;
}

function grow(): void {
  const bytes = cursor - partitionKeys;
  const moved = take(bytes * 2 + 0x10000);
  memory.copy(moved, partitionKeys, bytes);
  partitionKeys = moved;
  cursor = moved + bytes;
  capacity = top;
}

/** Of the value's one text: canonical-key.ts. */
function hashKey(): u32 {
  if (load<u8>(begin) != 0x22) return hashText(begin, end);
  const from = begin + 1;
  const to = end - 1;
  let at = from;
  while (at < to && load<u8>(at) != 0x5c) at++;
  if (at == to) return hashText(from, to);
  reach(top + (to - from) + 16);
  return hashText(top, decodeText(from, to, top));
}

function hashText(from: usize, to: usize): u32 {
  findKeyText(keyNode, from, to);
  return murmur2(keyText, keyTextEnd - keyText);
}

/** MurmurHash2 as Kafka's clients use it: of 32 bits, with their seed. */
function murmur2(p: usize, length: usize): u32 {
  const multiplier: u32 = 0x5bd1e995;
  let hash: u32 = 0x9747b28c ^ <u32>length;
  const words = p + (length & ~3);
  for (; p < words; p += 4) {
    let word = load<u32>(p) * multiplier;
    word ^= word >> 24;
    hash = (hash * multiplier) ^ (word * multiplier);
  }
  const rest = length & 3;
  if (rest > 2) hash ^= <u32>load<u8>(p, 2) << 16;
  if (rest > 1) hash ^= <u32>load<u8>(p, 1) << 8;
  if (rest > 0) hash = (hash ^ load<u8>(p)) * multiplier;
  hash = (hash ^ (hash >> 13)) * multiplier;
  return hash ^ (hash >> 15);
}
