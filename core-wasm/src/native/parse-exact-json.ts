// JSON.parse that keeps integers: those that a double cannot hold become bigint.

/** Throws SyntaxError. */
export function parseExactJson(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  // Long integers outside of strings are carried past JSON.parse as strings with a mark that the text does not hold.
  let mark = "#";
  while (text.includes(mark)) mark += "#";
  const marked = text.replace(/"[^"\\]*(?:\\[\s\S][^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (part) =>
    /^-?[1-9]\d{15,}$/.test(part) && !Number.isSafeInteger(Number(part)) ? `"${mark}${part}"` : part,
  );
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}
