// The terminal that `moose dev` writes to: lines that scroll, and below them a block of status lines that is drawn anew.
import pico from "picocolors";

export type Paint = ReturnType<typeof pico.createColors>;

export interface Terminal {
  readonly paint: Paint;
  /** Whether status lines are drawn in place; into a pipe every line stays. */
  readonly redraws: boolean;
  line(text: string): void;
  /** Replaces the status lines. Into a pipe they are printed. */
  status(lines: readonly string[]): void;
}

/** What a terminal needs of `process.stdout`. */
export interface TerminalOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export function createTerminal(output: TerminalOutput, options: { readonly colour: boolean }): Terminal {
  const redraws = output.isTTY === true;
  let shown: readonly string[] = [];

  // Cursor up, column one, clear to the end of the screen.
  const erase = (): string => (shown.length === 0 ? "" : `\u001b[${shown.length}A\r\u001b[J`);
  const draw = (): string => shown.map((line) => `${line}\n`).join("");

  return {
    paint: pico.createColors(options.colour),
    redraws,
    line(text) {
      output.write(`${erase()}${text}\n${draw()}`);
    },
    status(lines) {
      if (!redraws) {
        for (const line of lines) output.write(`${line}\n`);
        return;
      }
      const erased = erase();
      // A line that wraps would be counted as one and erased in part.
      const width = (output.columns ?? 80) - 1;
      shown = lines.map((line) => cut(line, width));
      output.write(erased + draw());
    },
  };
}

/** Cuts to a number of visible characters; colour codes do not count. */
function cut(text: string, width: number): string {
  let visible = 0;
  let result = "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with a control character
  for (const part of text.split(/(\u001b\[\d+m)/)) {
    if (part.startsWith("\u001b[")) {
      result += part;
    } else {
      result += part.slice(0, Math.max(0, width - visible));
      visible += part.length;
    }
  }
  return result;
}
