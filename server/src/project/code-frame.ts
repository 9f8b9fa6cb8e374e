// The lines of a source file around a place, with a mark under the column.

const LINES_AROUND = 2;

/** `line` counts from 1, `column` from 1. Returns "" when the source has no such line. */
export function codeFrame(source: string, line: number, column: number, length = 1): string {
  const lines = source.split(/\r?\n/);
  if (line < 1 || line > lines.length) return "";
  const first = Math.max(1, line - LINES_AROUND);
  const last = Math.min(lines.length, line + LINES_AROUND);
  const gutterWidth = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1]!;
    frame.push(`${number === line ? ">" : " "} ${String(number).padStart(gutterWidth)} | ${text}`.trimEnd());
    if (number === line) {
      // Tabs are kept, so that the mark stands under its column however wide a terminal draws them.
      const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
      const marks = "^".repeat(Math.max(1, Math.min(length, text.length - column + 1)));
      frame.push(`  ${" ".repeat(gutterWidth)} | ${indent}${marks}`);
    }
  }
  return frame.join("\n");
}
