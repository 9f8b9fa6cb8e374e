// Columns as a ClickHouse Native block: rows fed, rolled back, and handed out as a list of pieces for the host to join.
import {
  B_BEGIN, B_CURSOR, LOW_CARDINALITY, N_BYTES, N_DATA, N_DICTIONARY, N_FLAGS, N_NULLS, N_SAVED_DATA, N_SAVED_NULLS, P_COLUMN_COUNT, P_COLUMNS, P_NODE_COUNT, P_NODES,
  PROGRAM,
} from "./layout";
import {
  clearDictionary, createDictionary, D_COUNT, D_INDEX_TYPE, D_KEY_COUNT, D_KEYS, D_ROW_COUNT, D_SAVED_COUNT, D_SAVED_KEYS, D_VERSION,
  rollBackDictionary,
} from "./low-cardinality";
import { room } from "./memory";

/** Rows in the columns. */
export let blockRows: u32 = 0;

// A column record of the program: its node, the address of its header (name and type in Native form), the header's length,
// how many nodes it has. The nodes of a column stand one behind the other in the order in which a block has their values.
const C_BYTES: usize = 16;

@inline
function columnCount(): u32 {
  return load<u32>(PROGRAM, P_COLUMN_COUNT);
}

@inline
function columnAt(index: u32): usize {
  return PROGRAM + <usize>load<u32>(PROGRAM, P_COLUMNS) + <usize>index * C_BYTES;
}

@inline
function nodeOf(index: u32): usize {
  return PROGRAM + <usize>load<u32>(columnAt(index));
}

@inline
function firstNode(): usize {
  return PROGRAM + <usize>load<u32>(PROGRAM, P_NODES);
}

@inline
function endOfNodes(): usize {
  return firstNode() + <usize>load<u32>(PROGRAM, P_NODE_COUNT) * N_BYTES;
}

@inline
function used(node: usize, buffer: usize): u32 {
  return load<u32>(node + buffer, B_CURSOR) - load<u32>(node + buffer, B_BEGIN);
}

@inline
function hasDictionary(node: usize): bool {
  return (<u32>load<u8>(node, N_FLAGS) & LOW_CARDINALITY) != 0;
}

/** Creates what the columns need besides their buffers. Once for each program. */
export function createColumns(): void {
  blockRows = 0;
  for (let node = firstNode(); node < endOfNodes(); node += N_BYTES) if (hasDictionary(node)) createDictionary(node);
}

/** Remembers how long everything is. */
export function saveColumns(): void {
  for (let node = firstNode(); node < endOfNodes(); node += N_BYTES) {
    store<u32>(node, used(node, N_DATA), N_SAVED_DATA);
    store<u32>(node, used(node, N_NULLS), N_SAVED_NULLS);
    if (hasDictionary(node)) {
      const dictionary = <usize>load<u32>(node, N_DICTIONARY);
      store<u32>(dictionary, load<u32>(dictionary, D_COUNT), D_SAVED_COUNT);
      store<u32>(dictionary, used(dictionary, D_KEYS), D_SAVED_KEYS);
    }
  }
}

/** Makes everything as long as it was when it was saved. */
export function rollBackColumns(): void {
  for (let node = firstNode(); node < endOfNodes(); node += N_BYTES) {
    cut(node, load<u32>(node, N_SAVED_DATA), load<u32>(node, N_SAVED_NULLS));
    if (hasDictionary(node)) rollBackDictionary(node);
  }
}

function cut(node: usize, dataBytes: u32, nullBytes: u32): void {
  store<u32>(node, load<u32>(node, N_DATA) + dataBytes, N_DATA + B_CURSOR);
  store<u32>(node, load<u32>(node, N_NULLS) + nullBytes, N_NULLS + B_CURSOR);
}

/** Empties the columns and keeps their blocks. */
export function clearColumns(): void {
  blockRows = 0;
  for (let node = firstNode(); node < endOfNodes(); node += N_BYTES) {
    cut(node, 0, 0);
    if (hasDictionary(node)) clearDictionary(node);
  }
}

/** Adds the three columns that say where `count` rows come from: the last three of the program. */
export function appendOrigin(count: u32, partition: u32, baseOffset: u64, receivedAtMs: i64): void {
  const first = columnCount() - 3;
  const partitions = room(nodeOf(first) + N_DATA, <usize>count << 2);
  const offsets = room(nodeOf(first + 1) + N_DATA, <usize>count << 3);
  const times = room(nodeOf(first + 2) + N_DATA, <usize>count << 3);
  for (let i: usize = 0; i < <usize>count; i++) {
    store<u32>(partitions + (i << 2), partition);
    store<u64>(offsets + (i << 3), baseOffset + <u64>i);
    store<i64>(times + (i << 3), receivedAtMs);
  }
  store<u32>(nodeOf(first), <u32>(partitions + (<usize>count << 2)), N_DATA + B_CURSOR);
  store<u32>(nodeOf(first + 1), <u32>(offsets + (<usize>count << 3)), N_DATA + B_CURSOR);
  store<u32>(nodeOf(first + 2), <u32>(times + (<usize>count << 3)), N_DATA + B_CURSOR);
  blockRows += count;
}

/** Bytes in the columns' buffers. */
export function blockBytesNow(): u32 {
  let bytes: u32 = 0;
  for (let node = firstNode(); node < endOfNodes(); node += N_BYTES) {
    bytes += used(node, N_DATA) + used(node, N_NULLS);
    if (hasDictionary(node)) bytes += used(load<u32>(node, N_DICTIONARY), D_KEYS);
  }
  return bytes;
}

// The pieces: address and length, in the order of the block.
let pieces: usize = 0;
let pieceCount: u32 = 0;

function piece(at: usize, length: u32): void {
  if (length == 0) return;
  store<u32>(pieces + (<usize>pieceCount << 3), <u32>at);
  store<u32>(pieces + (<usize>pieceCount << 3), length, 4);
  pieceCount++;
}

/** Lists the pieces of the block at `at` (at most 1 a column and 5 a node); the host puts the two counts before them. */
export function listPieces(at: usize): u32 {
  pieces = at;
  pieceCount = 0;
  for (let i: u32 = 0; i < columnCount(); i++) {
    const column = columnAt(i);
    piece(PROGRAM + <usize>load<u32>(column, 4), load<u32>(column, 8));
    if (blockRows == 0) continue;
    const end = nodeOf(i) + <usize>load<u32>(column, 12) * N_BYTES;
    for (let node = nodeOf(i); node < end; node += N_BYTES) if (hasDictionary(node)) listVersion(node);
    for (let node = nodeOf(i); node < end; node += N_BYTES) {
      if (hasDictionary(node)) listDictionary(node);
      else {
        piece(load<u32>(node, N_NULLS), used(node, N_NULLS));
        piece(load<u32>(node, N_DATA), used(node, N_DATA));
      }
    }
  }
  return pieceCount;
}

/** The version of dictionaries stands before the values of the whole column. */
function listVersion(node: usize): void {
  const dictionary = <usize>load<u32>(node, N_DICTIONARY);
  store<u64>(dictionary, 1, D_VERSION);
  piece(dictionary + D_VERSION, 8);
}

/** Index type with "has additional keys" and "update dictionary", keys, rows, indexes as narrow as the keys allow. */
function listDictionary(node: usize): void {
  const dictionary = <usize>load<u32>(node, N_DICTIONARY);
  const keys = load<u32>(dictionary, D_COUNT);
  const width: u32 = keys <= 256 ? 0 : keys <= 65536 ? 1 : 2;
  const indexes = <usize>load<u32>(node, N_DATA);
  const rows = used(node, N_DATA) >> 2;
  if (rows == 0) return;
  store<u64>(dictionary, 0x600 | width, D_INDEX_TYPE);
  store<u64>(dictionary, keys, D_KEY_COUNT);
  store<u64>(dictionary, rows, D_ROW_COUNT);
  if (width == 0) for (let i: usize = 0; i < <usize>rows; i++) store<u8>(indexes + i, load<u32>(indexes + (i << 2)));
  else if (width == 1) for (let i: usize = 0; i < <usize>rows; i++) store<u16>(indexes + (i << 1), load<u32>(indexes + (i << 2)));
  piece(dictionary + D_INDEX_TYPE, 16);
  piece(load<u32>(dictionary, D_KEYS), used(dictionary, D_KEYS));
  piece(dictionary + D_ROW_COUNT, 8);
  piece(indexes, rows << width);
}
