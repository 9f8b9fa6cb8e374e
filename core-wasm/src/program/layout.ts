// The program's layout, as core-wasm/assembly/layout.ts reads it. Drawn in ABI.md.
import type { TypeSpec } from "../language/model-spec.ts";

/** "MSP1", little endian; the digit counts the format's versions. */
export const MAGIC = 0x3150534d;
/** Where the program stands in linear memory. */
export const PROGRAM_ADDRESS = 0x10000;
export const HEADER_BYTES = 64;
/** Where the header says how long the rules are; the texts follow them. */
export const RULES_BYTES = 8;
export const FIELD_BYTES = 64;
export const NODE_BYTES = 72;
export const COLUMN_BYTES = 16;
export const OBJECT_BYTES = 16;
/** Where the header holds the object record of the row itself. */
export const ROW_OBJECT = 40;

export const kinds = {
  string: 0,
  boolean: 1,
  int8: 2,
  int16: 2,
  int32: 2,
  int64: 2,
  uint8: 2,
  uint16: 2,
  uint32: 2,
  uint64: 3,
  float32: 4,
  float64: 5,
  uuid: 6,
  date: 7,
  date16: 7,
  dateTime: 8,
  dateTime64: 8,
  enum: 9,
  array: 10,
  int128: 11,
  int256: 11,
  uint128: 11,
  uint256: 11,
  decimal: 11,
  fixedString: 12,
  ipv4: 13,
  ipv6: 14,
  map: 15,
  object: 16,
  json: 17,
  point: 18,
  ring: 10,
  polygon: 10,
  multiPolygon: 10,
} as const satisfies Record<TypeSpec["kind"], number>;

/** Bytes of one stored value; a string has its own length, an array stores offsets, a decimal depends on its digits. */
export const widths = {
  string: 0,
  boolean: 1,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  float32: 4,
  float64: 8,
  uuid: 16,
  date: 4,
  date16: 2,
  dateTime: 4,
  dateTime64: 8,
  enum: 1,
  array: 8,
  int128: 16,
  int256: 32,
  uint128: 16,
  uint256: 32,
  decimal: 0,
  fixedString: 0,
  ipv4: 4,
  ipv6: 16,
  map: 8,
  object: 0,
  json: 0,
  point: 0,
  ring: 8,
  polygon: 8,
  multiPolygon: 8,
} as const satisfies Record<TypeSpec["kind"], number>;

export const nodeFlags = { nullable: 1, nullIsEmpty: 2, lowCardinality: 4, wide: 8, epoch: 16, scaled: 32 } as const;
/** Bytes of a stored decimal. */
export const decimalWidth = (precision: number): number =>
  precision <= 9 ? 4 : precision <= 18 ? 8 : precision <= 38 ? 16 : 32;

/** Kind of the node that notes where the partition key stands. */
export const PARTITION_KEY_KIND = 19;

export const fieldFlags = { optional: 1, hasDefault: 2 } as const;
export const programFlags = { dropExtra: 1, partitionKey: 2 } as const;
