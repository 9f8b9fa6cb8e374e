// Standard Schema v1 (standardschema.dev): tools that take Zod-like schemas take a model, and the core is what decides.
import type { ModelCore, RowError } from "../host/core-interface.ts";
import { encodeEvent } from "../language/encode-event.ts";
import type { ModelSpec } from "../language/model-spec.ts";

export interface StandardIssue {
  readonly message: string;
  /** Field names and array indexes; empty for the event itself. */
  readonly path: readonly (string | number)[];
}

export type StandardResult<Value> =
  | { readonly value: Value; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** What stands at `~standard`. */
export interface StandardSchema<Value> {
  readonly version: 1;
  readonly vendor: "moose";
  /** Resolves with the value as it was given, or with every violation; loads the core at the first call. */
  readonly validate: (value: unknown) => Promise<StandardResult<Value>>;
  /** For the compiler only: never set. */
  readonly types?: { readonly input: Value; readonly output: Value } | undefined;
}

export function standardSchema<Value>(spec: ModelSpec): StandardSchema<Value> {
  let core: Promise<ModelCore> | undefined;
  return {
    version: 1,
    vendor: "moose",
    async validate(value) {
      core ??= load(spec).catch((error: unknown) => {
        core = undefined;
        throw error;
      });
      return check<Value>(await core, value);
    },
  };
}

async function load(spec: ModelSpec): Promise<ModelCore> {
  // Only who validates loads the core.
  const { createCore } = await import("../host/create-core.ts");
  return (await createCore()).load(spec);
}

function check<Value>(core: ModelCore, value: unknown): StandardResult<Value> {
  let text: string;
  try {
    text = encodeEvent(value as object);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { issues: [{ message: error.message, path: [] }] };
  }
  const { errors } = core.validate(text, { format: "sequence" });
  if (errors.length === 0) return { value: value as Value };
  return { issues: errors.map((error) => ({ message: messageOf(error), path: pathOf(error.path, value) })) };
}

function messageOf({ code, expected, got }: RowError): string {
  if (code === "missing_field") return `is missing: expected ${expected}`;
  return got === "" ? `expected ${expected}` : `expected ${expected}, got ${got}`;
}

/** The keys of a JSON Pointer; numbers where the value has an array. */
function pathOf(pointer: string, value: unknown): (string | number)[] {
  let at = value;
  return pointer
    .split("/")
    .slice(1)
    .map((part) => {
      const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
      const isIndex = Array.isArray(at);
      at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined;
      return isIndex ? Number(key) : key;
    });
}
