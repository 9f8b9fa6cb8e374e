// From a Native block to the events that a function is called with, and where each of them stands.
import { type FieldSpec, readNativeBlocks, type TypeSpec } from "@moose/core";
import type { EventOrigin } from "../api/function-context.ts";
import type { SliceSchema } from "./slice.ts";

export interface DecodedSlice {
  readonly events: readonly Record<string, unknown>[];
  readonly origins: readonly EventOrigin[];
  /** Of each event: events of one key keep their order. Undefined: no key, no order. */
  readonly keys: readonly (string | undefined)[];
}

export function decodeSlice(block: Uint8Array, schema: SliceSchema, stream: string, partition: number): DecodedSlice {
  const events: Record<string, unknown>[] = [];
  const origins: EventOrigin[] = [];
  const converters = timeConverters(schema.fields);
  for (const { columns, rowCount } of readNativeBlocks(block)) {
    const valuesOf = (name: string): readonly unknown[] => columns.find((column) => column.name === name)!.values;
    const [offsets, receivedAt] = [valuesOf("_offset"), valuesOf("_received_at")];
    const fields = columns.filter(({ name }) => !name.startsWith("_"));
    const converted = fields.map(({ name, values }) => {
      const convert = converters.get(name);
      return { name, values: convert === undefined ? values : values.map(convert) };
    });
    for (let row = 0; row < rowCount; row++) {
      const event: Record<string, unknown> = {};
      for (const { name, values } of converted) event[name] = values[row];
      events.push(event);
      const offset = Number(offsets[row]);
      origins.push({
        model: schema.model,
        id: `${stream}/${partition}/${offset}`,
        partition,
        offset,
        receivedAt: new Date(rfc3339(receivedAt[row]) as string),
      });
    }
  }
  const { keyField } = schema;
  const keys = keyField === undefined ? events.map(() => undefined) : events.map((event) => keyText(event[keyField]));
  return { events, origins, keys };
}

export const keyText = (value: unknown): string => (value === null || value === undefined ? "" : String(value));

type Convert = (value: unknown) => unknown;

/** Times come as ClickHouse prints them, without a zone; `new Date(text)` would take that for local time. */
function timeConverters(fields: readonly FieldSpec[]): Map<string, Convert> {
  const converters = new Map<string, Convert>();
  for (const { name, type } of fields) {
    const convert = converterOf(type);
    if (convert !== undefined) converters.set(name, (value) => (value === null ? null : convert(value)));
  }
  return converters;
}

function converterOf(type: TypeSpec): Convert | undefined {
  switch (type.kind) {
    case "dateTime":
    case "dateTime64":
      return rfc3339;
    case "array": {
      const element = converterOf(type.element);
      return element && ((values) => (values as unknown[]).map((value) => (value === null ? null : element(value))));
    }
    case "map": {
      const convert = converterOf(type.value);
      return convert && ((value) => mapMembers(value as object, () => convert));
    }
    case "object": {
      const inner = timeConverters(type.fields);
      return inner.size === 0 ? undefined : (value) => mapMembers(value as object, (name) => inner.get(name));
    }
    default:
      return undefined;
  }
}

function mapMembers(value: object, converterFor: (name: string) => Convert | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      member === null ? null : (converterFor(name)?.(member) ?? member),
    ]),
  );
}

const rfc3339: Convert = (text) => `${(text as string).replace(" ", "T")}Z`;
