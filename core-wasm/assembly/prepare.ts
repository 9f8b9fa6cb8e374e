// Turns a program that was just written into the form in which the hot path reads it: once for each program.
import {
  F_AT, F_BYTES, F_NAME, F_NAME_LENGTH, F_NODE, F_OP, F_OTHERS, F_SKIP, KIND_BOOLEAN, KIND_DATE, KIND_ENUM, KIND_FLOAT32, KIND_FLOAT64, KIND_INTEGER,
  KIND_STRING, KIND_TIME, KIND_UINT64, KIND_UUID, LOW_CARDINALITY, N_BYTES, N_FLAGS, N_KIND, N_MIN, N_NAMES, N_OP, N_PATTERNS, N_PRECISION, N_SHORT_NAMES, OP_BOOLEAN,
  OP_DATE, OP_ENUM, OP_FLOAT32, OP_FLOAT64, OP_INSTANT, OP_INTEGER, OP_LOW_CARDINALITY, OP_NONE, OP_STRING, OP_TIME, OP_UNSIGNED, OP_UUID, P_FIELD_COUNT, P_FIELDS,
  P_NODE_COUNT, P_NODES, PROGRAM,
} from "./layout";
import { take } from "./memory";
import { nameValue } from "./names";
import { addShortText, createShortTable, shortTableBytes, shortText } from "./short-text";

/** `encode`: values go to columns. Tables are taken from the arena's top. */
export function prepareProgram(encode: bool): void {
  const nodes = PROGRAM + <usize>load<u32>(PROGRAM, P_NODES);
  const endOfNodes = nodes + <usize>load<u32>(PROGRAM, P_NODE_COUNT) * N_BYTES;
  for (let node = nodes; node < endOfNodes; node += N_BYTES) store<u8>(node, opOf(node, encode), N_OP);
  const fields = PROGRAM + <usize>load<u32>(PROGRAM, P_FIELDS);
  const endOfFields = fields + <usize>load<u32>(PROGRAM, P_FIELD_COUNT) * F_BYTES;
  for (let field = fields; field < endOfFields; field += F_BYTES) prepareField(field);
}

function opOf(node: usize, encode: bool): u32 {
  switch (<u32>load<u8>(node, N_KIND)) {
    case KIND_STRING:
      if (load<u32>(node, N_PATTERNS) != 0) return OP_NONE;
      return encode && <u32>load<u8>(node, N_FLAGS) & LOW_CARDINALITY ? OP_LOW_CARDINALITY : OP_STRING;
    case KIND_INTEGER:
      return load<i64>(node, N_MIN) < 0 ? OP_INTEGER : OP_UNSIGNED;
    case KIND_UINT64:
      return OP_UNSIGNED;
    case KIND_FLOAT64:
      return OP_FLOAT64;
    case KIND_FLOAT32:
      return OP_FLOAT32;
    case KIND_BOOLEAN:
      return OP_BOOLEAN;
    case KIND_TIME:
      return <u32>load<u8>(node, N_PRECISION) == 3 ? OP_INSTANT : OP_TIME;
    case KIND_DATE:
      return OP_DATE;
    case KIND_UUID:
      return OP_UUID;
    case KIND_ENUM:
      listShortNames(node);
      return OP_ENUM;
    default:
      return OP_NONE;
  }
}

/** The names of an enum that stand as they are in JSON, and are short. */
function listShortNames(node: usize): void {
  const names = PROGRAM + <usize>load<u32>(node, N_NAMES);
  const mask = load<u32>(names);
  let count: u32 = 0;
  for (let slot: u32 = 0; slot <= mask; slot++) count += <u32>(load<u32>(names + 4 + (<usize>slot << 2)) != 0);
  const table = take(shortTableBytes(count));
  createShortTable(table, count);
  store<u32>(node, <u32>table, N_SHORT_NAMES);
  for (let slot: u32 = 0; slot <= mask; slot++) {
    const offset = load<u32>(names + 4 + (<usize>slot << 2));
    if (offset == 0) continue;
    const entry = PROGRAM + <usize>offset;
    const length = <usize>load<u32>(entry, 4);
    if (length < 16 && isUnescaped(entry + 12, length)) addShortText(table, shortText(v128.load(entry + 12), length), nameValue(entry));
  }
}

/** No mask of 16 bits has it: the name is never the expected one. */
const NEVER: u32 = 0x10000;

function prepareField(field: usize): void {
  const name = PROGRAM + <usize>load<u32>(field, F_NAME);
  const length = <usize>load<u32>(field, F_NAME_LENGTH);
  // Behind the name stands its quote.
  for (let i: usize = 0; i < 16; i++) store<u8>(field + i, i <= length ? <u32>load<u8>(name + i) : 0x3a);
  const compared = length + 2;
  let others: u32 = compared < 16 ? 0xffff & ~((1 << <u32>compared) - 1) : 0;
  if (compared > 16 || !isUnescaped(name, length)) others |= NEVER;
  store<u32>(field, others, F_OTHERS);
  store<u32>(field, <u32>compared, F_SKIP);
  const node = PROGRAM + <usize>load<u32>(field, F_NODE);
  store<u32>(field, <u32>node, F_AT);
  store<u32>(field, <u32>load<u8>(node, N_OP), F_OP);
}

/** Whether a text stands in JSON as it is. */
function isUnescaped(at: usize, length: usize): bool {
  for (let i: usize = 0; i < length; i++) {
    const c = <u32>load<u8>(at + i);
    if (c < 0x20 || c == 0x22 || c == 0x5c) return false;
  }
  return true;
}
