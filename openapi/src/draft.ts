// The document while a project is being added to it, and the names of what is added.
import type { OpenApiDocument } from "./open-api-document.ts";

export type Values = Record<string, unknown>;

export interface Draft {
  readonly document: OpenApiDocument;
  readonly paths: Record<string, Values>;
  readonly schemas: Values;
}

/** A component name may hold letters, digits, ".", "-" and "_". */
export const componentName = (name: string): string => name.replace(/[^A-Za-z0-9._-]/g, "_");

export const queryOperationId = (name: string): string => `query${componentName(name)}`;

/** A model may be called like a schema of the contract itself. */
export function freeName(schemas: Values, wanted: string): string {
  if (!(wanted in schemas)) return wanted;
  for (let count = 2; ; count++) if (!(`${wanted}${count}` in schemas)) return `${wanted}${count}`;
}

/** Braces would read as a path template. */
export const segment = (text: string): string => encodeURIComponent(text);

export const schemaReference = (name: string): Values => ({ $ref: `#/components/schemas/${name}` });

/** The parameters of a fixed path that are no part of the path: they hold for the paths that are its cases, too. */
export function pathParameters(draft: Draft, path: string): readonly Values[] {
  const parameters = (draft.document.paths[path]!.parameters ?? []) as readonly Values[];
  return parameters.filter((parameter) => resolve(draft.document, parameter).in !== "path");
}

export function resolve(document: OpenApiDocument, value: Values): Values {
  const reference = value.$ref;
  if (typeof reference !== "string" || !reference.startsWith("#/components/")) return value;
  const [group, name] = reference.slice("#/components/".length).split("/");
  return (document.components?.[group!]?.[name!] as Values | undefined) ?? value;
}

/** An operation with one reply changed. */
export function withResponse(operation: Values, status: string, change: (response: Values) => Values): Values {
  const responses = operation.responses as Record<string, Values>;
  return { ...operation, responses: { ...responses, [status]: change(responses[status]!) } };
}
