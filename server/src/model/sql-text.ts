// Identifiers and literals as ClickHouse SQL text. For DDL that this server builds; values of queries travel as bound parameters.

/** A backtick-quoted identifier. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replace(/[\\`]/g, "\\$&")}\``;
}

/** A string literal. */
export function quoteString(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&").replace(/\n/g, "\\n").replace(/\0/g, "\\0")}'`;
}
