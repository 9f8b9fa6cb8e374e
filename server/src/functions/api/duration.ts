// Lengths of time as a user writes them: "250ms", "10s", "1m", "2h", "1d".

export type Duration = `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** In milliseconds. Throws TypeError that names `option` when the text is no length of time. */
export function durationMs(option: string, text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Math.round(Number(digits) * unitMs[(unit ?? "ms") as keyof typeof unitMs]);
  if (digits === undefined || !Number.isSafeInteger(ms)) {
    throw new TypeError(
      `${option} is ${JSON.stringify(text)}: write a length of time such as "250ms", "10s", "1m", "2h"`,
    );
  }
  return ms;
}
