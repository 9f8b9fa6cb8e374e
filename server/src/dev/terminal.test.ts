// What reaches a terminal, where status lines are drawn in place, and a pipe, where they are not.
import { expect, test } from "vitest";
import { createTerminal } from "./terminal.ts";

function outputOf(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { written, output: { isTTY, columns, write: (text: string) => written.push(text) } };
}

test("on a terminal a line goes above the status lines, which are drawn again", () => {
  const { written, output } = outputOf(true);
  const terminal = createTerminal(output, { colour: false });
  terminal.status(["a", "b"]);
  terminal.line("news");
  terminal.status([]);
  expect(written).toEqual(["a\nb\n", "\u001b[2A\r\u001b[Jnews\na\nb\n", "\u001b[2A\r\u001b[J"]);
});

test("a status line is cut to the width, colour codes not counted", () => {
  const { written, output } = outputOf(true, 6);
  createTerminal(output, { colour: false }).status(["\u001b[2mabcdefgh\u001b[22m"]);
  expect(written).toEqual(["\u001b[2mabcde\u001b[22m\n"]);
});

test("into a pipe every line stays as it is", () => {
  const { written, output } = outputOf(false);
  const terminal = createTerminal(output, { colour: false });
  terminal.status(["a"]);
  terminal.line("news");
  expect(written.join("")).toBe("a\nnews\n");
});
