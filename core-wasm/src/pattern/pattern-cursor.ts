// Where a pattern is being read, by code points.
import { PatternError } from "./pattern-error.ts";

export class PatternCursor {
  private readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** The UTF-16 unit that comes next, or "". */
  get next(): string {
    return this.text.charAt(this.at);
  }

  get rest(): string {
    return this.text.slice(this.at);
  }

  skip(): void {
    this.at++;
  }

  /** Steps over `expected` if it comes next. */
  take(expected: string): boolean {
    const found = this.text.startsWith(expected, this.at);
    if (found) this.at += expected.length;
    return found;
  }

  takePoint(): number {
    const point = this.text.codePointAt(this.at)!;
    this.at += point > 0xffff ? 2 : 1;
    return point;
  }

  /** Steps over what a sticky expression finds here. */
  match(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text);
    if (found !== null) this.at += found[0].length;
    return found;
  }

  error(problem: string): PatternError {
    return new PatternError(problem, this.at);
  }
}
