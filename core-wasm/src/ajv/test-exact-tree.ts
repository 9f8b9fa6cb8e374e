// Test fixture: a JSON text as a tree that keeps the digits of numbers and every member, for what JSON.parse cannot tell.

export type ExactValue =
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "literal"; readonly value: boolean | null }
  | { readonly kind: "array"; readonly items: readonly ExactValue[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [name: string, value: ExactValue])[] };

const TOKEN = /\s*("[^"\\]*(?:\\[\s\S][^"\\]*)*"|[[\]{},:]|[^\s[\]{},:"]+)/y;

/** `text` is JSON: JSON.parse has taken it. */
export function exactTree(text: string): ExactValue {
  TOKEN.lastIndex = 0;
  const tokens: string[] = [];
  for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text)) tokens.push(found[1]!);
  let at = 0;
  const read = (): ExactValue => {
    const token = tokens[at++]!;
    if (token === "[") {
      const items: ExactValue[] = [];
      while (tokens[at] !== "]") {
        items.push(read());
        if (tokens[at] === ",") at++;
      }
      at++;
      return { kind: "array", items };
    }
    if (token === "{") {
      const members: [string, ExactValue][] = [];
      while (tokens[at] !== "}") {
        const name = JSON.parse(tokens[at]!) as string;
        at += 2;
        members.push([name, read()]);
        if (tokens[at] === ",") at++;
      }
      at++;
      return { kind: "object", members };
    }
    if (token[0] === '"') return { kind: "string", text: JSON.parse(token) as string };
    if (/^[tfn]/.test(token)) return { kind: "literal", value: JSON.parse(token) as boolean | null };
    return { kind: "number", text: token };
  };
  return read();
}

/** The number's digits: value = digits * 10^-scale, with the smallest scale from 0 on; undefined when it is beyond 10^400. */
export function exactDecimal(text: string): { digits: bigint; scale: number } | undefined {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)!;
  let digits = BigInt(whole! + fraction);
  if (digits === 0n) return { digits, scale: 0 };
  let scale = fraction.length - Number(exponent);
  if (scale < -400) return undefined;
  if (scale < 0) {
    digits *= 10n ** BigInt(-scale);
    scale = 0;
  }
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n;
    scale--;
  }
  return { digits: sign === "-" ? -digits : digits, scale };
}
