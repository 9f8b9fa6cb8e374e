// Makes an example of a JSON Schema such as the generator meets: of a model's event, or of an API's parameters.
import type { JsonSchema } from "./open-api-document.ts";

const formats: Readonly<Record<string, unknown>> = {
  date: "2026-01-31",
  "date-time": "2026-01-31T08:00:00Z",
  email: "ada@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  time: "08:00:00Z",
  uri: "https://example.com/",
  uuid: "0199f2a4-5b7c-7d3e-8f10-2a4b6c8d0e1f",
};

/** The required members only. Undefined where a value would have to be guessed, as of a pattern. */
export function exampleOf(schema: JsonSchema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (Array.isArray(schema.anyOf)) return exampleOf(schema.anyOf[0] as JsonSchema);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case "object":
      return objectExample(schema);
    case "array":
      return arrayExample(schema);
    case "string":
      return stringExample(schema);
    case "boolean":
      return true;
    case "integer":
    case "number":
      return numberExample(schema);
    default:
      // A schema without a type takes whatever there is.
      return schema.type === undefined ? {} : undefined;
  }
}

function objectExample(schema: JsonSchema): unknown {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const example: Record<string, unknown> = {};
  for (const name of (schema.required ?? []) as readonly string[]) {
    const value = exampleOf(properties[name]!);
    if (value === undefined) return undefined;
    example[name] = value;
  }
  return example;
}

function arrayExample(schema: JsonSchema): unknown {
  const count = (schema.minItems as number | undefined) ?? 0;
  if (count === 0) return [];
  const item = exampleOf(schema.items as JsonSchema);
  return item === undefined ? undefined : Array.from({ length: count }, () => item);
}

function stringExample({ pattern, format, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: JsonSchema): unknown {
  if (pattern !== undefined) return undefined;
  const text = typeof format === "string" ? formats[format] : "example".padEnd(minLength as number, "-");
  if (typeof text !== "string") return undefined;
  if (text.length <= (maxLength as number)) return text;
  return format === undefined ? text.slice(0, maxLength as number) : undefined;
}

function numberExample({ minimum, maximum }: JsonSchema): number {
  const least = (minimum as number | undefined) ?? Number.NEGATIVE_INFINITY;
  const most = (maximum as number | undefined) ?? Number.POSITIVE_INFINITY;
  return Math.min(most, Math.max(least, 1));
}
