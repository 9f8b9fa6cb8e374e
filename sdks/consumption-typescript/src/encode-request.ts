// Writes a request as the JSON that the server reads: dates as RFC 3339, bigints as decimal strings.
import type { QueryRequest } from "./request.ts";

export function encodeRequest(request: QueryRequest | undefined): Record<string, unknown> {
  return (plain(request ?? {}) ?? {}) as Record<string, unknown>;
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => [name, plain(member)]),
    );
  }
  return value;
}
