// Addresses, record offsets and codes that the parts of the core share. Drawn in ABI.md; core-wasm/src/host reads the same.

/** Answer of the last call: see ABI.md. */
export const RESULT: usize = 0x100;
export const RESULT_BYTES: usize = 48;
/** Heads of the allocator's free lists, one for each power of two. */
export const FREE_LISTS: usize = 0x180;
/** The way to the value under way, outermost step first: two words each, see errors.ts. */
export const PATH: usize = 0x200;
export const MAX_STEPS: u32 = 12;
export const STEP_BYTES: usize = 8;
/** Keys of the row under way, unless they become too many: key-set.ts. */
export const KEY_TABLE: usize = 0x3000;
export const KEY_TABLE_BYTES: usize = 0x4000;
/** One byte for each open container while a value is skipped. */
export const SKIP_STACK: usize = 0x7000;
export const SKIP_STACK_BYTES: u32 = 0x1000;
/** Decoded text of short strings with escapes. */
export const TEXT_SCRATCH: usize = 0x8000;
export const TEXT_SCRATCH_BYTES: u32 = 0x4000;
/** Big integers of the slow float path. */
export const NUMBER_SCRATCH: usize = 0xc000;
export const NUMBER_SCRATCH_BYTES: usize = 0x1000;
/** The schema program; what the arena hands out begins behind it. */
export const PROGRAM: usize = 0x10000;

/** Zero bytes behind every input: a scan stops at the first, and wide loads stay inside. */
export const PADDING: usize = 64;

// Program header.
/** Bytes of the rules; the texts stand behind them. */
export const P_SIZE: usize = 8;
/** All field records: those of the row, then those of the objects in it. */
export const P_FIELD_COUNT: usize = 12;
export const P_FIELDS: usize = 16;
export const P_COLUMN_COUNT: usize = 20;
export const P_COLUMNS: usize = 24;
export const P_NODES: usize = 28;
export const P_FLAGS: usize = 32;
export const P_NODE_COUNT: usize = 36;
/** Object record of the row itself. */
export const P_ROW: usize = 40;
/** Column of the unknown fields that are kept, or 0. */
export const P_EXTRA: usize = 56;
export const DROP_EXTRA: u32 = 1;
export const HAS_PARTITION_KEY: u32 = 2;

// Object record.
export const O_COUNT: usize = 0;
export const O_FIELDS: usize = 4;
export const O_NAMES: usize = 8;
export const O_FIRST: usize = 12;

// Field record. `prepare.ts` writes its first 32 bytes anew: name, quote and colon, which of these bytes are not compared, ...
export const F_BYTES: usize = 64;
export const F_OTHERS: usize = 16;
/** Bytes from the name to its value, when nothing stands between: name, quote, colon. */
export const F_SKIP: usize = 20;
/** Address of the node, and its N_OP. */
export const F_AT: usize = 24;
export const F_OP: usize = 28;
export const F_NAME: usize = 32;
export const F_NAME_LENGTH: usize = 36;
export const F_NODE: usize = 40;
export const F_FLAGS: usize = 44;
export const F_DEFAULT: usize = 48;
export const F_NEXT: usize = 56;
export const F_STAMP: usize = 60;
export const F_OPTIONAL: u32 = 1;
export const F_HAS_DEFAULT: u32 = 2;

// Node record: a type, and the column that it writes.
export const N_BYTES: usize = 72;
export const N_KIND: usize = 0;
export const N_FLAGS: usize = 1;
export const N_WIDTH: usize = 2;
export const N_PRECISION: usize = 3;
export const N_EPOCH: usize = 4;
/** How plain.ts reads the value; set by prepare.ts. */
export const N_OP: usize = 5;
/** Of an array or map the elements or keys, of a point the first number, of a partition key the type. */
export const N_CHILD: usize = 8;
/** Of an enum: the table of its short names, or 0; set by prepare.ts. */
export const N_SHORT_NAMES: usize = 8;
export const N_NAMES: usize = 12;
/** Of a map: the values. */
export const N_VALUE: usize = 12;
/** Of an object: its record. */
export const N_OBJECT: usize = 12;
/** Strings: the first pattern table, or 0. */
export const N_PATTERNS: usize = 12;
/** Limits of a number wider than 64 bits: two times a sign and 256 bits. */
export const N_LIMITS: usize = 12;
export const N_MIN: usize = 16;
export const N_MAX: usize = 24;
/** Buffer of the values: begin, cursor, end. */
export const N_DATA: usize = 32;
/** Buffer of the null map. */
export const N_NULLS: usize = 44;
/** Dictionary of a LowCardinality column. */
export const N_DICTIONARY: usize = 56;
/** Bytes in the two buffers when the feed under way began. */
export const N_SAVED_NULLS: usize = 60;
export const N_SAVED_DATA: usize = 64;
export const NULLABLE: u32 = 1;
/** Null is an empty array, map or object. */
export const NULL_IS_EMPTY: u32 = 2;
export const LOW_CARDINALITY: u32 = 4;
/** Takes decimal strings, too. */
export const WIDE: u32 = 8;
export const EPOCH: u32 = 16;
/** A decimal, which may have digits behind the point. */
export const SCALED: u32 = 32;

// Buffer record: begin, cursor, end (16 bytes before the true end, so that wide stores stay inside).
export const B_BEGIN: usize = 0;
export const B_CURSOR: usize = 4;
export const B_END: usize = 8;

export const KIND_STRING: u32 = 0;
export const KIND_BOOLEAN: u32 = 1;
export const KIND_INTEGER: u32 = 2;
export const KIND_UINT64: u32 = 3;
export const KIND_FLOAT32: u32 = 4;
export const KIND_FLOAT64: u32 = 5;
export const KIND_UUID: u32 = 6;
export const KIND_DATE: u32 = 7;
export const KIND_TIME: u32 = 8;
export const KIND_ENUM: u32 = 9;
export const KIND_ARRAY: u32 = 10;
/** Decimals, and integers beyond 64 bits. */
export const KIND_DECIMAL: u32 = 11;
export const KIND_FIXED_STRING: u32 = 12;
export const KIND_IPV4: u32 = 13;
export const KIND_IPV6: u32 = 14;
export const KIND_MAP: u32 = 15;
export const KIND_OBJECT: u32 = 16;
export const KIND_JSON: u32 = 17;
export const KIND_POINT: u32 = 18;
/** Notes where the value stands, then reads it as its child says: the partition key. */
export const KIND_PARTITION_KEY: u32 = 19;

/** The values that plain.ts reads; OP_NONE are those that it does not. */
export const OP_NONE: u32 = 0;
export const OP_STRING: u32 = 1;
export const OP_LOW_CARDINALITY: u32 = 2;
export const OP_INTEGER: u32 = 3;
/** Integers that are never below 0. */
export const OP_UNSIGNED: u32 = 4;
export const OP_FLOAT64: u32 = 5;
export const OP_FLOAT32: u32 = 6;
export const OP_BOOLEAN: u32 = 7;
export const OP_TIME: u32 = 8;
export const OP_DATE: u32 = 9;
export const OP_UUID: u32 = 10;
export const OP_ENUM: u32 = 11;
/** Times in milliseconds. */
export const OP_INSTANT: u32 = 12;

// Error codes: the order of `codeNames` in src/program/error-texts.ts.
export const INVALID_JSON: u32 = 0;
export const INVALID_UTF8: u32 = 1;
export const DUPLICATE_KEY: u32 = 2;
export const TOO_DEEP: u32 = 3;
export const NOT_AN_OBJECT: u32 = 4;
export const MISSING_FIELD: u32 = 5;
export const UNKNOWN_FIELD: u32 = 6;
export const WRONG_TYPE: u32 = 7;
export const OUT_OF_RANGE: u32 = 8;
export const NOT_INTEGRAL: u32 = 9;
export const TOO_SHORT: u32 = 10;
export const TOO_LONG: u32 = 11;
export const NOT_IN_ENUM: u32 = 12;
export const INVALID_FORMAT: u32 = 13;
export const PRECISION_LOSS: u32 = 14;

// Error record.
export const ERROR_BYTES: usize = 96;
export const E_CODE: usize = 4;
/** Offsets in the input: begin, end. */
export const E_GOT: usize = 20;
export const E_NODE: usize = 28;
/** Steps of the path. */
export const E_DEPTH: usize = 32;
/** Byte of the row at which its JSON breaks. */
export const E_BREAK: usize = 52;
/** Code, path, expected, got: address and length each. */
export const E_TEXTS: usize = 64;

// Texts of the program, by number: names of the codes, what each code expected (when it says so itself), messages, one for each node.
export const TEXT_EXPECTED: u32 = 32;
export const TEXT_BREAKS: u32 = 64;
export const TEXT_EARLY_END: u32 = 65;
export const TEXT_BYTE_ORDER_MARK: u32 = 66;
export const TEXT_TOO_DEEP: u32 = 67;
export const TEXT_NODES: u32 = 72;
/** The byte of a text in whose place a number is written: no byte of UTF-8. */
export const TEXT_MARK: u32 = 0xff;

/** Fail code of a feed whose columns would pass COLUMN_BYTES_LIMIT; not a row's error. */
export const BLOCK_TOO_LARGE: u32 = 100;
/** Fail code that stands in the answer block when the host refused memory, which traps. */
export const MEMORY_REFUSED: u32 = 101;
export const COLUMN_BYTES_LIMIT: usize = 0x10000000;

export const MAX_DEPTH: u32 = 64;
