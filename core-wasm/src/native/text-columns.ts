// Columns of text: String, FixedString, enums, and JSON carried as text.
import type { ColumnReader } from "./column-reader.ts";
import { fixedColumn } from "./fixed-columns.ts";
import { parseExactJson } from "./parse-exact-json.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export const stringColumn: ColumnReader = {
  values(from, rows) {
    // Each text has at least the byte of its length.
    if (rows > from.left) from.take(rows);
    const values = new Array<unknown>(rows);
    for (let row = 0; row < rows; row++) values[row] = from.text();
    return values;
  },
};

/** The zeros that fill a text up are taken off. */
export function fixedStringColumn(width: number): ColumnReader {
  return fixedColumn(width, ({ bytes }, at) => {
    let end = at + width;
    while (end > at && bytes[end - 1] === 0) end--;
    return decoder.decode(bytes.subarray(at, end));
  });
}

export function enumColumn(width: 1 | 2, names: ReadonlyMap<number, string>): ColumnReader {
  return fixedColumn(width, (from, at) => {
    const number = width === 1 ? from.view.getInt8(at) : from.view.getInt16(at, true);
    const name = names.get(number);
    if (name === undefined) throw from.error(`${number} is no number of the enum`);
    return name;
  });
}

/** `output_format_native_write_json_as_string`. */
const JSON_AS_TEXT = 1n;

export const jsonColumn: ColumnReader = {
  prefix(from) {
    const version = from.view.getBigUint64(from.take(1, 8), true);
    if (version !== JSON_AS_TEXT) {
      throw from.error(
        `JSON comes in its own serialization (${version}): query with output_format_native_write_json_as_string = 1`,
      );
    }
  },
  values(from, rows) {
    return stringColumn.values(from, rows).map((text) => {
      try {
        return parseExactJson(text as string);
      } catch {
        throw from.error("a JSON column holds a text that is no JSON");
      }
    });
  },
};
