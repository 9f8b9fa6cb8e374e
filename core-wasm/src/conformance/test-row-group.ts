// What a group of inputs says: a model, and what becomes of each input. The texts that many of them expect.
import type { InputFormat, RowErrorCode } from "../host/core-interface.ts";
import type { Fields } from "../language/field.ts";
import { type Model, model } from "../language/model.ts";
import { t } from "../language/t.ts";

/** Latin-1 text in which each character is one byte; for inputs that are no UTF-8. */
export interface Bytes {
  readonly latin1: string;
}

export interface RowCase {
  readonly name: string;
  readonly format: InputFormat;
  readonly input: string | Bytes;
  readonly maxErrors?: number;
  readonly rows: number;
  /** The texts of the accepted rows, as they stand in the input. */
  readonly accepted: readonly (string | Bytes)[];
  readonly errors?: ReadonlyArray<
    readonly [row: number, path: string, code: RowErrorCode, expected: string, got: string]
  >;
  /** Of each accepted row: murmur2 of its partition key, signed as Kafka has it, and the key's text in the row, if it is there. */
  readonly keys?: ReadonlyArray<readonly [hash: number, text?: string]>;
  /** Of each accepted row of a model that keeps unknown fields: their names and JSON texts. */
  readonly kept?: ReadonlyArray<Readonly<Record<string, string>>>;
  /** Refused rows, when the errors do not tell them all. */
  readonly refused?: readonly number[];
  /** ClickHouse's own parser does not take all of the accepted rows: its reading is not compared. */
  readonly beyondClickHouse?: true;
  readonly truncated?: true;
  readonly unreadable?: { readonly message: string; readonly offset: number };
}

export interface RowGroup {
  readonly name: string;
  readonly model: Model<Fields>;
  readonly cases: readonly RowCase[];
}

export const eventModel = model("Event", {
  id: t.int32(),
  name: t.string().optional(),
  tags: t.array(t.array(t.string())).optional(),
  kind: t.string().default("none"),
});

export const id = "an integer from -2147483648 to 2147483647";
export const utf8 = "well-formed UTF-8, surrogates in pairs";
export const field = "a field of Event 1.0";
export const object = "an object: one Event";
export const deep = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
export const broken = (at: number): string => `JSON (RFC 8259): it breaks at byte ${at} of the row`;
export const refusedJson = (name: string, input: string | Bytes, message: string, offset: number): RowCase => ({
  name,
  format: "json",
  input,
  rows: 0,
  accepted: [],
  unreadable: { message, offset },
});
export const early = "the JSON text ends too early";
export const breaks = (at: number): string => `not JSON (RFC 8259): it breaks at byte ${at}`;
