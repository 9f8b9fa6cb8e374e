// The ClickHouse type of a field: the same text in DDL and in the header of a Native block.
import { isEmptyable } from "./child-types.ts";
import type { FieldSpec, TypeSpec } from "./model-spec.ts";

/** As in `CREATE TABLE`, with Nullable and LowCardinality. Times without a zone are shown in UTC. */
export function clickHouseType(field: Omit<FieldSpec, "name">): string {
  const inner = typeName(field.type);
  const nullable = field.optional === true && !isEmptyable(field.type.kind) ? `Nullable(${inner})` : inner;
  return field.lowCardinality === true ? `LowCardinality(${nullable})` : nullable;
}

function typeName(type: TypeSpec): string {
  switch (type.kind) {
    case "boolean":
      return "Bool";
    case "date":
      return "Date32";
    case "date16":
      return "Date";
    case "uuid":
      return "UUID";
    case "dateTime":
      return `DateTime(${quoted(type.timezone ?? "UTC")})`;
    case "dateTime64":
      return `DateTime64(${type.precision}, ${quoted(type.timezone ?? "UTC")})`;
    case "fixedString":
      return `FixedString(${type.length})`;
    case "decimal":
      return `Decimal(${type.precision}, ${type.scale})`;
    case "ipv4":
      return "IPv4";
    case "ipv6":
      return "IPv6";
    case "json":
      return "String";
    case "map":
      return `Map(${typeName(type.key)}, ${type.optionalValue === true ? `Nullable(${typeName(type.value)})` : typeName(type.value)})`;
    case "object":
      return `Tuple(${type.fields.map((field) => `${field.name} ${clickHouseType(field)}`).join(", ")})`;
    case "enum": {
      const entries = Object.entries(type.values).sort(([, a], [, b]) => a - b);
      const names = entries.map(([name, value]) => `${quoted(name)} = ${value}`).join(", ");
      return `${isEnum8(type.values) ? "Enum8" : "Enum16"}(${names})`;
    }
    case "array":
      return `Array(${type.optionalElement === true ? `Nullable(${typeName(type.element)})` : typeName(type.element)})`;
    default:
      return `${type.kind.startsWith("u") ? "UI" : type.kind[0]!.toUpperCase()}${type.kind.slice(type.kind.startsWith("u") ? 2 : 1)}`;
  }
}

/** Whether every number fits in one byte. */
export const isEnum8 = (values: Readonly<Record<string, number>>): boolean =>
  Object.values(values).every((value) => value >= -128 && value <= 127);

/** U+0000 is escaped, too: chDB takes its SQL as a C string, which would end there. */
const quoted = (text: string): string =>
  `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\0", "\\0")}'`;
