// The names that the model language offers, for suggestions when one is mistyped.
import { nearestName } from "../lib/nearest-name.ts";

export interface LanguageNames {
  /** Of `t`: the types. */
  readonly types: readonly string[];
  /** Of a field: the modifiers. */
  readonly modifiers: readonly string[];
}

/** Loads the language only now, since it is needed only when something is wrong. */
export async function languageNames(): Promise<LanguageNames> {
  const { t } = await import("@moose/core");
  const types = Object.keys(t);
  const samples = [t.string(), t.int32(), t.float64(), t.dateTime64(3), t.array(t.string())];
  const modifiers = new Set(samples.flatMap((sample) => memberNames(sample)));
  return { types, modifiers: [...modifiers] };
}

export function nearestLanguageName(called: string, onTypes: boolean, names: LanguageNames): string | undefined {
  return nearestName(called, onTypes ? names.types : names.modifiers);
}

function memberNames(value: object): string[] {
  const names: string[] = [];
  for (let at: object | null = value; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    names.push(...Object.getOwnPropertyNames(at));
  }
  return names.filter((name) => name !== "constructor" && !name.startsWith("_"));
}
