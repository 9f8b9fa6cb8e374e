// A state as text and back: JSON, and bigint, which 64-bit fields are.

const MARK = "$bigint";

/** Throws TypeError for what is no plain value: a function, a cycle, undefined. */
export function stateText(value: unknown): string {
  const text = JSON.stringify(value, (_, member: unknown) =>
    typeof member === "bigint" ? { [MARK]: member.toString() } : member,
  );
  if (text === undefined)
    throw new TypeError("the state must be a plain JSON value; to forget a key's state call clear()");
  return text;
}

export function parseState(text: string): unknown {
  if (!text.includes(MARK)) return JSON.parse(text);
  return JSON.parse(text, (_, member: unknown) => {
    const digits =
      typeof member === "object" && member !== null ? (member as Record<string, unknown>)[MARK] : undefined;
    return typeof digits === "string" ? BigInt(digits) : member;
  });
}
