// Columns whose values have a width in bytes: numbers, days, addresses, identifiers.
import type { ColumnReader } from "./column-reader.ts";
import { ipv4Text, ipv6Text } from "./ip-text.ts";
import type { NativeBytes } from "./native-bytes.ts";
import { dayText } from "./time-text.ts";

/** A column of `width` bytes a value; `read` makes one from where it begins. */
export function fixedColumn(width: number, read: (from: NativeBytes, at: number) => unknown): ColumnReader {
  return {
    values(from, rows, nulls) {
      const begin = from.take(rows, width);
      const values = new Array<unknown>(rows);
      for (let row = 0; row < rows; row++) {
        values[row] = nulls !== undefined && nulls[row] !== 0 ? null : read(from, begin + row * width);
      }
      return values;
    },
  };
}

/** A little-endian integer of 8, 16 or 32 bytes. */
export function readBigInt(from: NativeBytes, at: number, width: number, signed: boolean): bigint {
  const last = at + width - 8;
  let value = signed ? from.view.getBigInt64(last, true) : from.view.getBigUint64(last, true);
  for (let word = last - 8; word >= at; word -= 8) value = (value << 64n) | from.view.getBigUint64(word, true);
  return value;
}

const bigInteger = (width: number, signed: boolean): ColumnReader =>
  fixedColumn(width, (from, at) => readBigInt(from, at, width, signed));

const single = new DataView(new ArrayBuffer(4));

/** Readers by the name of a type without arguments. */
export const fixedColumns: Readonly<Record<string, ColumnReader>> = {
  Bool: fixedColumn(1, (from, at) => from.bytes[at] !== 0),
  Int8: fixedColumn(1, (from, at) => from.view.getInt8(at)),
  Int16: fixedColumn(2, (from, at) => from.view.getInt16(at, true)),
  Int32: fixedColumn(4, (from, at) => from.view.getInt32(at, true)),
  Int64: bigInteger(8, true),
  Int128: bigInteger(16, true),
  Int256: bigInteger(32, true),
  UInt8: fixedColumn(1, (from, at) => from.bytes[at]),
  UInt16: fixedColumn(2, (from, at) => from.view.getUint16(at, true)),
  UInt32: fixedColumn(4, (from, at) => from.view.getUint32(at, true)),
  UInt64: bigInteger(8, false),
  UInt128: bigInteger(16, false),
  UInt256: bigInteger(32, false),
  Float32: fixedColumn(4, (from, at) => from.view.getFloat32(at, true)),
  Float64: fixedColumn(8, (from, at) => from.view.getFloat64(at, true)),
  BFloat16: fixedColumn(2, (from, at) => {
    single.setUint16(0, from.view.getUint16(at, true));
    return single.getFloat32(0);
  }),
  Date: fixedColumn(2, (from, at) => dayText(from, from.view.getUint16(at, true))),
  Date32: fixedColumn(4, (from, at) => dayText(from, from.view.getInt32(at, true))),
  UUID: fixedColumn(16, readUuid),
  IPv4: fixedColumn(4, (from, at) => ipv4Text(from.view.getUint32(at, true))),
  IPv6: fixedColumn(16, (from, at) => ipv6Text(from.bytes.subarray(at, at + 16))),
  // One byte a row, which says nothing.
  Nothing: fixedColumn(1, () => null),
};

function readUuid(from: NativeBytes, at: number): string {
  const hex = (half: number): string => from.view.getBigUint64(half, true).toString(16).padStart(16, "0");
  const digits = hex(at) + hex(at + 8);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

/** The decimal text of `value` / 10^scale, without zeros at the end, as ClickHouse prints it. */
export function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return value.toString();
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, "0");
  const fraction = digits.slice(-scale).replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -scale)}${fraction === "" ? "" : `.${fraction}`}`;
}
