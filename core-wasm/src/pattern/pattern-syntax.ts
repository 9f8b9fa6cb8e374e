// A pattern as a tree. No code here.

/** Code points from the first to the last, both inclusive. */
export type CodePointRange = readonly [first: number, last: number];

export type Pattern =
  /** One code point out of sorted ranges that do not touch. */
  | { readonly kind: "set"; readonly ranges: readonly CodePointRange[] }
  | { readonly kind: "sequence"; readonly parts: readonly Pattern[] }
  | { readonly kind: "choice"; readonly options: readonly Pattern[] }
  /** At least `least` times, at most `most` (Infinity: without end). */
  | { readonly kind: "repeat"; readonly part: Pattern; readonly least: number; readonly most: number }
  /** `^` and `$`: the begin and the end of the text. */
  | { readonly kind: "begin" }
  | { readonly kind: "end" };
