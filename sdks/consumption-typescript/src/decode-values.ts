// Turns the values of a reply into JavaScript values by their ClickHouse types: 64-bit and wider integers become bigint.
import type { Column } from "./request.ts";

type Decode = (value: unknown) => unknown;

const same: Decode = (value) => value;

/** Undefined when values of the type need no change. */
function decoderOf(type: string): Decode | undefined {
  const [, wrapper, inner] = /^(Nullable|LowCardinality|Array)\((.*)\)$/.exec(type) ?? [];
  if (wrapper !== undefined && inner !== undefined) {
    const decode = decoderOf(inner);
    if (!decode || wrapper !== "Array") return decode;
    return (value) => (Array.isArray(value) ? value.map(decode) : value);
  }
  if (/^U?Int(64|128|256)$/.test(type)) {
    return (value) => (typeof value === "string" || typeof value === "number" ? BigInt(value) : value);
  }
  return undefined;
}

/** Makes row objects from rows in column order. Decided once for all rows. */
export function rowDecoder<Row>(columns: readonly Column[]): (row: readonly unknown[]) => Row {
  const decoders = columns.map((column) => decoderOf(column.type) ?? same);
  return (row) => {
    const decoded: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index++) decoded[columns[index]!.name] = decoders[index]!(row[index]);
    return decoded as Row;
  };
}
