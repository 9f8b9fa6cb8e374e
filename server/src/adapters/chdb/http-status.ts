// The HTTP status that ClickHouse gives for an exception code, and the Content-Type of its formats. Pure tables.

/** Source: ClickHouse's own mapping of exception codes to HTTP status; everything else is 500. */
const statusByCode: ReadonlyMap<number, number> = new Map(
  Object.entries({
    400: [6, 25, 26, 27, 36, 38, 41, 42, 43, 44, 53, 62, 70, 72, 117, 167, 168, 184, 223, 427, 441, 456, 457, 675, 676],
    401: [194],
    403: [192, 193, 497, 516],
    404: [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 511],
    408: [159],
    413: [66],
    501: [48],
    503: [76, 202, 209],
    507: [243],
  }).flatMap(([status, codes]) => codes.map((code): [number, number] => [code, Number(status)])),
);

export function statusOf(exceptionCode: number): number {
  return statusByCode.get(exceptionCode) ?? 500;
}

const json = "application/json; charset=UTF-8";
const contentTypes: Readonly<Record<string, string>> = {
  JSON: json,
  JSONCompact: json,
  JSONStrings: json,
  JSONCompactStrings: json,
  JSONColumnsWithMetadata: json,
  JSONEachRow: "application/x-ndjson; charset=UTF-8",
  JSONCompactEachRow: "application/x-ndjson; charset=UTF-8",
  JSONStringsEachRow: "application/x-ndjson; charset=UTF-8",
  CSV: "text/csv; charset=UTF-8; header=absent",
  CSVWithNames: "text/csv; charset=UTF-8; header=present",
  CSVWithNamesAndTypes: "text/csv; charset=UTF-8; header=present",
  ArrowStream: "application/vnd.apache.arrow.stream",
  Arrow: "application/vnd.apache.arrow.file",
  Parquet: "application/octet-stream",
  Native: "application/octet-stream",
  RowBinary: "application/octet-stream",
  RowBinaryWithNamesAndTypes: "application/octet-stream",
  XML: "application/xml; charset=UTF-8",
  Pretty: "text/plain; charset=UTF-8",
};

export function contentTypeOf(format: string): string {
  return (
    contentTypes[format] ??
    (/^(TSV|TabSeparated)/.test(format) ? "text/tab-separated-values; charset=UTF-8" : "text/plain; charset=UTF-8")
  );
}

/**
 * Formats whose chunks may be sent one after the other. The engine writes each chunk of any other format as a document of its own
 * (a second header line, a second JSON object), so those are computed whole.
 */
const streamable = new Set(
  "TSV TabSeparated TSVRaw TabSeparatedRaw CSV JSONEachRow JSONCompactEachRow JSONStringsEachRow RowBinary Native LineAsString".split(
    " ",
  ),
);

export function isStreamable(format: string): boolean {
  return streamable.has(format);
}
