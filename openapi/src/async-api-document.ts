// The part of an AsyncAPI 3 document that this package builds and extends. No code here.
import type { JsonSchema } from "./open-api-document.ts";

export interface AsyncApiDocument {
  readonly asyncapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly [member: string]: unknown };
  readonly servers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly channels: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly [group: string]: Readonly<Record<string, unknown>>;
  };
  readonly [member: string]: unknown;
}
