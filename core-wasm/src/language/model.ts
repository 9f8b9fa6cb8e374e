// `model()`: gives fields their names, checks the whole and brands it, so that two copies of the package agree.
import { type StandardSchema, standardSchema } from "../standard/standard-schema.ts";
import { checkModel, nameProblem } from "./check-model.ts";
import { DefinitionError } from "./definition-error.ts";
import type { Fields } from "./field.ts";
import type { InputOfFields } from "./infer.ts";
import type { FieldSpec, ModelSpec } from "./model-spec.ts";

const brand: unique symbol = Symbol.for("moose.model") as never;

export interface Model<F extends Fields = Fields, Name extends string = string> {
  readonly name: Name;
  readonly version: string;
  readonly fields: F;
  /** Standard Schema v1: tools that take Zod-like schemas take models. */
  readonly "~standard": StandardSchema<InputOfFields<F>>;
  readonly [brand]: ModelSpec;
}

export interface ModelOptions<Name extends string = string> {
  /** Digits and dots; default "1.0". */
  readonly version?: string;
  readonly description?: string;
  /** What an unknown field does to its row; default "reject". "keep" stores it in `_extra`; in an object it is refused then. */
  readonly extra?: "reject" | "drop" | "keep";
  /** Follows the key fields in ORDER BY. */
  readonly orderBy?: readonly Name[];
  /** ClickHouse expression. */
  readonly partitionBy?: string;
  /** The field that chooses the stream partition. */
  readonly partitionKey?: Name;
  /** ClickHouse TTL expression. */
  readonly ttl?: string;
  /** When the table writer inserts: whichever comes first. */
  readonly flush?: { readonly rows?: number; readonly bytes?: number; readonly ms?: number };
  /** Whether the server keeps rows that it refuses, when a request does not say; default: as the server is configured. */
  readonly quarantine?: boolean;
}

/**
 * Defines a data model. Throws DefinitionError, which names the field and what to do, when it cannot work.
 * @example model("Click", { at: t.dateTime64(3).key(), page: t.string() }, { version: "2.0" })
 */
export function model<const F extends Fields, const Name extends string = string>(
  name: Name,
  fields: F,
  options: ModelOptions<keyof F & string> = {},
): Model<F, Name> {
  const named: FieldSpec[] = Object.entries(fields).map(([field, builder]) => ({ name: field, ...builder?.spec }));
  const spec: ModelSpec = { name, version: "1.0", extra: "reject", ...options, fields: named };
  if (name.startsWith?.("_")) throw new DefinitionError("model", undefined, nameProblem(name));
  checkModel(spec);
  return { name, version: spec.version, fields, "~standard": standardSchema(spec), [brand]: spec };
}

export function isModel(value: unknown): value is Model {
  return typeof value === "object" && value !== null && brand in value;
}

/** The plain-JSON form. */
export function modelSpec(value: Model): ModelSpec {
  return value[brand];
}
