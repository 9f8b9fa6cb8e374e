// Which refusals of ClickHouse are the fault of the rows themselves: only these ever set events aside. Pure.
import { MooseError } from "../model/errors.ts";

/**
 * ClickHouse exception codes that a value causes: it cannot be converted to its column's type, breaks a constraint, or has no place there.
 * A closed list on purpose: whatever else ClickHouse says (a missing table, a full disk, a fault of the engine, a code of tomorrow) may be
 * over after the next attempt, and good events that were set aside for it would be gone from their table.
 */
const VALUE_CODES: ReadonlySet<number> = new Set([
  6, // CANNOT_PARSE_TEXT
  25, // CANNOT_PARSE_ESCAPE_SEQUENCE
  26, // CANNOT_PARSE_QUOTED_STRING
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  38, // CANNOT_PARSE_DATE
  41, // CANNOT_PARSE_DATETIME
  53, // TYPE_MISMATCH
  69, // ARGUMENT_OUT_OF_BOUND
  70, // CANNOT_CONVERT_TYPE
  72, // CANNOT_PARSE_NUMBER
  117, // INCORRECT_DATA
  128, // TOO_LARGE_ARRAY_SIZE
  130, // CANNOT_READ_ARRAY_FROM_TEXT
  131, // TOO_LARGE_STRING_SIZE
  153, // ILLEGAL_DIVISION
  190, // SIZES_OF_ARRAYS_DONT_MATCH
  248, // INVALID_PARTITION_VALUE
  252, // TOO_MANY_PARTS: as a refusal, one block has rows of too many table partitions; cut, it fits
  321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  376, // CANNOT_PARSE_UUID
  395, // FUNCTION_THROW_IF_VALUE_IS_NON_ZERO
  407, // DECIMAL_OVERFLOW
  467, // CANNOT_PARSE_BOOL
  469, // VIOLATED_CONSTRAINT
  675, // CANNOT_PARSE_IPV4
  676, // CANNOT_PARSE_IPV6
  691, // UNKNOWN_ELEMENT_OF_ENUM
]);

/** The statement itself is refused before a row of it is read: a table or column is missing, access is denied. Somebody has to act. */
const STATEMENT_CODES: ReadonlySet<number> = new Set([10, 16, 20, 36, 44, 46, 47, 60, 62, 81, 115, 164, 497, 516]);

const refusalCode = (error: unknown): number | undefined =>
  error instanceof MooseError && error.code === "database_refused" ? Number(error.extra.clickhouseCode) : undefined;

/** A view that refuses blames no row: its table takes them, and the view may be mended. */
export function blamesRows(error: unknown): boolean {
  const code = refusalCode(error);
  return code !== undefined && VALUE_CODES.has(code) && (error as MooseError).extra.inView !== true;
}

/**
 * ClickHouse answered, and nothing of the block can have been stored. False: the block is in doubt. A refusal that blames values is no such
 * answer: it may be a view's, while the table has the block.
 */
export function storedNothing(error: unknown): boolean {
  const code = refusalCode(error);
  return code !== undefined && STATEMENT_CODES.has(code);
}
