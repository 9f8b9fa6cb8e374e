// Reads doc comments: prose becomes the description, lines such as `@moose.type uint16` say what Prisma cannot.
import { nearestName } from "../../lib/nearest-name.ts";
import { SchemaMistake } from "./schema-mistake.ts";
import type { DocLine, SchemaPlace } from "./schema-tree.ts";

export interface Annotation {
  readonly name: string;
  /** The rest of its line, as it is written; "" for those without a value. */
  readonly value: string;
  /** Marks the whole line. */
  readonly place: SchemaPlace;
}

export interface Docs {
  readonly description: string | undefined;
  readonly annotations: ReadonlyMap<string, Annotation>;
}

/** An example of each annotation; without a space in it, the annotation takes no value. */
const EXAMPLES = {
  model: {
    version: "version 2.0",
    extra: "extra drop",
    partitionKey: "partitionKey origin",
    partitionBy: 'partitionBy "toYYYYMM(seenAt)"',
    orderBy: "orderBy origin, seenAt",
    ttl: 'ttl "seenAt + INTERVAL 30 DAY"',
    flush: "flush rows=10000 ms=200",
    quarantine: "quarantine true",
  },
  field: {
    type: "type uint16",
    key: "key",
    lowCardinality: "lowCardinality",
    min: "min 0",
    max: "max 100",
    pattern: 'pattern "^[A-Z]{3}$"',
    format: "format email",
    epoch: "epoch ms",
    codec: 'codec "Delta, ZSTD(1)"',
    pii: "pii mask",
  },
  "enum value": { number: "number 7" },
  enum: {},
  type: {},
} as const satisfies Record<string, Record<string, string>>;

export type AnnotationTarget = keyof typeof EXAMPLES;

const NOUNS = {
  model: "a model",
  field: "a field",
  enum: "an enum",
  type: "a type",
  "enum value": "an enum's value",
} as const;
const TARGETS = Object.keys(EXAMPLES) as AnnotationTarget[];

/** Throws SchemaMistake at an annotation that is unknown, misplaced, malformed or written twice. */
export function readDocs(lines: readonly DocLine[], target: AnnotationTarget): Docs {
  const prose: string[] = [];
  const annotations = new Map<string, Annotation>();
  for (const { text, place } of lines) {
    if (!isAnnotation(text)) {
      prose.push(text);
      continue;
    }
    const [, name, value = ""] = /^@moose\.(\w+)(?:\s+(.+))?$/.exec(text) ?? [];
    if (name === undefined) {
      throw new SchemaMistake(`"${text}" is not an annotation: write it as in @moose.version 2.0`, place);
    }
    checkName(name, value, target, place);
    if (annotations.has(name)) throw new SchemaMistake(`@moose.${name} stands here twice: remove one`, place);
    annotations.set(name, { name, value, place });
  }
  const description = prose.join("\n").trim();
  return { description: description === "" ? undefined : description, annotations };
}

/** Also when it is misspelt: `@moose` with anything behind it was meant for us. */
export const isAnnotation = (text: string): boolean => /^@moose\b/i.test(text);

function checkName(name: string, value: string, target: AnnotationTarget, place: SchemaPlace): void {
  const known: Record<string, string> = EXAMPLES[target];
  const example = Object.hasOwn(known, name) ? known[name]! : undefined;
  if (example !== undefined) {
    const takesValue = example !== name;
    if (takesValue === (value !== "")) return;
    const problem = takesValue ? `needs a value, as in @moose.${example}` : "takes no value: remove what follows it";
    throw new SchemaMistake(`@moose.${name} ${problem}`, place);
  }
  const owner = TARGETS.find((other) => Object.hasOwn(EXAMPLES[other], name));
  if (owner !== undefined) {
    const problem = `is for ${NOUNS[owner]}, not for ${NOUNS[target]}: move it above ${NOUNS[owner]}`;
    throw new SchemaMistake(`@moose.${name} ${problem}`, place);
  }
  const names = Object.keys(known);
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? `known for this: ${names.join(", ") || "none"}` : `did you mean "${nearest}"?`;
  throw new SchemaMistake(`@moose.${name} is not known: ${hint}`, place);
}

/** A text with or without quotes around it. */
export function textOf({ name, value, place }: Annotation): string {
  if (!value.startsWith('"')) return value;
  try {
    return JSON.parse(value) as string;
  } catch {
    throw new SchemaMistake(`The text of @moose.${name} does not end, or something follows it: ${value}`, place);
  }
}

export function namesOf({ name, value, place }: Annotation): string[] {
  const names = value.split(",").map((part) => part.trim());
  if (names.every((part) => /^\w+$/.test(part))) return names;
  throw new SchemaMistake(`@moose.${name} needs names with commas between them, not ${value}`, place);
}

export function numberOf({ name, value, place }: Annotation): string {
  if (/^-?\d+(\.\d+)?$/.test(value)) return value;
  throw new SchemaMistake(`@moose.${name} needs a number, not ${value}`, place);
}

/** `rows=100 ms=200` as an object; which names are possible is the caller's matter. */
export function settingsOf({ name, value, place }: Annotation): Map<string, number> {
  const settings = new Map<string, number>();
  for (const part of value.split(/[\s,]+/)) {
    const [, key, digits] = /^(\w+)=(\d+)$/.exec(part) ?? [];
    if (key === undefined) {
      throw new SchemaMistake(`@moose.${name} needs numbers by name, as in rows=10000, not ${part}`, place);
    }
    settings.set(key, Number(digits));
  }
  return settings;
}
