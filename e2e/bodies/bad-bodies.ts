// Each kind of bad body, with the status and the error that PROTOCOL names for it.
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";

export interface BadBody {
  readonly name: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly status: number;
  /** Of the problem; absent for 207. */
  readonly code?: string;
  /** The first row error: its row, path and code. */
  readonly error?: readonly [row: number, path: string, code: string];
  readonly accepted?: number;
  readonly rejected?: number;
}

export const MAX_BODY_BYTES = 64 * 1024;

export const good = { seenAt: "2026-11-20T12:00:00.000Z", origin: "LAX", destination: "SFO", delay: -3, distance: 337 };
const text = JSON.stringify(good);
const withField = (field: string, json: string): string => {
  const { [field as keyof typeof good]: _replaced, ...rest } = good;
  return `${JSON.stringify(rest).slice(0, -1)},"${field}":${json}}`;
};
const without = (field: keyof typeof good): string => {
  const { [field]: _left, ...rest } = good;
  return JSON.stringify(rest);
};
const bytes = (before: string, middle: readonly number[], after: string): Uint8Array =>
  Buffer.concat([Buffer.from(before), Buffer.from(middle), Buffer.from(after)]);

const ndjson = { "content-type": "application/x-ndjson" };
const encoded = (encoding: string) => ({ "content-encoding": encoding });
/** A body that cannot be read at all. */
const malformed = { status: 400, code: "malformed_body" } as const;
/** One row, refused for one reason. */
const refused = (path: string, code: string) =>
  ({ status: 422, code: "rows_rejected", error: [0, path, code], accepted: 0, rejected: 1 }) as const;

export const badBodies: readonly BadBody[] = [
  // Not JSON at all.
  { name: "no JSON", body: "hello", ...malformed },
  { name: "empty body", body: "", ...malformed },
  { name: "only white space", body: " \n\t ", ...malformed },
  { name: "truncated object", body: text.slice(0, -1), ...malformed },
  { name: "truncated string", body: '{"origin":"LA', ...malformed },
  { name: "truncated array", body: `[${text},`, ...malformed },
  { name: "array with a trailing comma", body: `[${text},]`, ...malformed },
  { name: "array with a hole", body: `[${text},,${text}]`, ...malformed },
  { name: "two objects without an array", body: `${text}${text}`, ...malformed },
  { name: "text after the object", body: `${text} x`, ...malformed },
  { name: "comment", body: `/* a */${text}`, ...malformed },
  { name: "single quotes", body: "{'origin':'LAX'}", ...malformed },
  { name: "byte order mark", body: bytes("", [0xef, 0xbb, 0xbf], text), ...malformed },
  { name: "UTF-16", body: Buffer.from(text, "utf16le"), ...malformed },
  // JSON, but not rows.
  { name: "a number", body: "1", ...refusedOrMalformed() },
  { name: "null", body: "null", ...refusedOrMalformed() },
  {
    name: "array of numbers",
    body: "[1,2]",
    status: 422,
    code: "rows_rejected",
    error: [0, "", "not_an_object"],
    rejected: 2,
  },
  { name: "array of arrays", body: "[[]]", ...refused("", "not_an_object") },
  // Rows with a fault of their own.
  { name: "missing field", body: without("origin"), ...refused("/origin", "missing_field") },
  {
    name: "empty object",
    body: "{}",
    status: 422,
    code: "rows_rejected",
    error: [0, "/seenAt", "missing_field"],
    rejected: 1,
  },
  { name: "unknown field", body: withField("colour", '"red"'), ...refused("/colour", "unknown_field") },
  { name: "field in other case", body: `${text.slice(0, -1)},"Origin":"X"}`, ...refused("/Origin", "unknown_field") },
  { name: "string for a number", body: withField("delay", '"3"'), ...refused("/delay", "wrong_type") },
  { name: "number for a string", body: withField("origin", "3"), ...refused("/origin", "wrong_type") },
  { name: "null for a needed field", body: withField("origin", "null"), ...refused("/origin", "wrong_type") },
  { name: "number out of range", body: withField("delay", "40000"), ...refused("/delay", "out_of_range") },
  { name: "negative for unsigned", body: withField("distance", "-1"), ...refused("/distance", "out_of_range") },
  { name: "fraction for an integer", body: withField("delay", "1.5"), ...refused("/delay", "not_integral") },
  {
    name: "day that does not exist",
    body: withField("seenAt", '"2024-02-31T00:00:00Z"'),
    ...refused("/seenAt", "invalid_format"),
  },
  {
    name: "more digits than the time holds",
    body: withField("seenAt", '"2026-11-20T12:00:00.1234Z"'),
    ...refused("/seenAt", "precision_loss"),
  },
  { name: "null in an array", body: withField("tags", '["a",null]'), ...refused("/tags/1", "wrong_type") },
  { name: "object for an array", body: withField("tags", "{}"), ...refused("/tags", "wrong_type") },
  // NDJSON: a broken line is one rejected row, and the others go through.
  {
    name: "NDJSON with a broken line",
    headers: ndjson,
    body: `${text}\n{"origin":\n${text}\n`,
    status: 207,
    error: [1, "", "invalid_json"],
    accepted: 2,
    rejected: 1,
  },
  { name: "NDJSON of one broken line", headers: ndjson, body: "hello\n", ...refused("", "invalid_json") },
  { name: "NDJSON with an array line", headers: ndjson, body: `[${text}]\n`, ...refused("", "not_an_object") },
  {
    name: "NDJSON with invalid UTF-8 in a line",
    headers: ndjson,
    body: bytes(`${text}\n{"origin":"`, [0xff], `"}\n`),
    status: 207,
    error: [1, "/origin", "invalid_utf8"],
    accepted: 1,
    rejected: 1,
  },
  {
    name: "NDJSON, last line cut",
    headers: ndjson,
    body: `${text}\n${text.slice(0, 20)}`,
    status: 207,
    accepted: 1,
    rejected: 1,
  },
  { name: "empty NDJSON", headers: ndjson, body: "", ...malformed },
  // Arrays in which some rows are good.
  {
    name: "array, one row bad",
    body: `[${text},${without("origin")},${text}]`,
    status: 207,
    error: [1, "/origin", "missing_field"],
    accepted: 2,
    rejected: 1,
  },
  {
    name: "array, one row bad, atomic",
    path: "/ingest/Flight?mode=atomic",
    body: `[${text},{}]`,
    status: 422,
    code: "rows_rejected",
    error: [1, "/seenAt", "missing_field"],
    accepted: 0,
    rejected: 1,
  },
  {
    name: "dry run of a bad row",
    path: "/ingest/Flight?mode=dry-run",
    body: "{}",
    status: 422,
    code: "rows_rejected",
    rejected: 1,
  },
  // Names.
  { name: "unknown model", path: "/ingest/Nothing", body: text, status: 404, code: "unknown_model" },
  { name: "prefix of a model", path: "/ingest/Fligh", body: text, status: 404, code: "unknown_model" },
  { name: "model with more letters", path: "/ingest/FlightL", body: text, status: 404, code: "unknown_model" },
  { name: "model in other case", path: "/ingest/flight", body: text, status: 404, code: "unknown_model" },
  { name: "model of a prototype", path: "/ingest/constructor", body: text, status: 404, code: "unknown_model" },
  { name: "wrong version", path: "/ingest/Flight/2.0", body: text, status: 404, code: "unknown_model" },
  { name: "prefix of a version", path: "/ingest/Flight/1", body: text, status: 404, code: "unknown_model" },
  { name: "broken escape in the name", path: "/ingest/%zz", body: text, status: 400, code: "invalid_parameter" },
  { name: "a path too long", path: "/ingest/Flight/1.0/x", body: text, status: 404, code: "not_found" },
  // Requests.
  { name: "wrong method", method: "PUT", body: text, status: 405, code: "method_not_allowed" },
  { name: "GET", method: "GET", body: "", status: 405, code: "method_not_allowed" },
  {
    name: "wrong content type",
    headers: { "content-type": "text/plain" },
    body: text,
    status: 415,
    code: "unsupported_media_type",
  },
  {
    name: "content type that only begins right",
    headers: { "content-type": "application/jsonp" },
    body: text,
    status: 415,
    code: "unsupported_media_type",
  },
  {
    name: "charset that is not UTF-8",
    headers: { "content-type": "application/json; charset=latin1" },
    body: text,
    status: 415,
    code: "unsupported_media_type",
  },
  { name: "unknown encoding", headers: encoded("zstd"), body: text, status: 415, code: "unsupported_encoding" },
  { name: "two encodings", headers: encoded("gzip, br"), body: text, status: 415, code: "unsupported_encoding" },
  { name: "gzip garbage", headers: encoded("gzip"), body: text, ...malformed },
  { name: "br garbage", headers: encoded("br"), body: text, ...malformed },
  { name: "deflate garbage", headers: encoded("deflate"), body: text, ...malformed },
  { name: "gzip cut short", headers: encoded("gzip"), body: gzipSync(text).subarray(0, 30), ...malformed },
  { name: "gzip of bad JSON", headers: encoded("gzip"), body: gzipSync("hello"), ...malformed },
  {
    name: "gzip bomb",
    headers: encoded("gzip"),
    body: gzipSync(Buffer.alloc(32 * 1024 * 1024, " ")),
    status: 413,
    code: "body_too_large",
  },
  {
    name: "br bomb",
    headers: encoded("br"),
    body: brotliCompressSync(Buffer.alloc(8 * 1024 * 1024, " ")),
    status: 413,
    code: "body_too_large",
  },
  {
    name: "deflate bomb",
    headers: encoded("deflate"),
    body: deflateSync(Buffer.alloc(8 * 1024 * 1024, " ")),
    status: 413,
    code: "body_too_large",
  },
  { name: "over the limit", body: `"${"x".repeat(MAX_BODY_BYTES)}"`, status: 413, code: "body_too_large" },
  { name: "bad mode", path: "/ingest/Flight?mode=all", body: text, status: 400, code: "invalid_parameter" },
  {
    name: "a dry run asked for by another name",
    path: "/ingest/Flight?dry-run",
    body: text,
    status: 400,
    code: "invalid_parameter",
  },
  {
    name: "mode twice",
    path: "/ingest/Flight?mode=atomic&mode=partial",
    body: text,
    status: 400,
    code: "invalid_parameter",
  },
  {
    name: "idempotency key with a space",
    headers: { "idempotency-key": "a b" },
    body: text,
    status: 400,
    code: "invalid_parameter",
  },
  {
    name: "idempotency key too long",
    headers: { "idempotency-key": "k".repeat(256) },
    body: text,
    status: 400,
    code: "invalid_parameter",
  },
  // JSON that decoders disagree about.
  {
    name: "duplicate key",
    body: `${text.slice(0, -1)},"origin":"SFO"}`,
    status: 422,
    code: "rows_rejected",
    error: [0, "/origin", "duplicate_key"],
  },
  {
    name: "invalid UTF-8 in an object",
    body: bytes('{"origin":"', [0xc3, 0x28], `",${text.slice(1)}`),
    status: 422,
    code: "rows_rejected",
    error: [0, "/origin", "invalid_utf8"],
  },
  { name: "lone surrogate", body: withField("origin", '"\\ud800"'), ...refused("/origin", "invalid_utf8") },
  { name: "NaN", body: withField("delay", "NaN"), ...malformed },
  { name: "leading zero", body: withField("delay", "01"), ...malformed },
  { name: "depth bomb", body: `${"[".repeat(20_000)}`, ...malformed },
];

/** A single value that is no object: one rejected row. */
function refusedOrMalformed() {
  return { status: 422, code: "rows_rejected", error: [0, "", "not_an_object"], rejected: 1 } as const;
}
