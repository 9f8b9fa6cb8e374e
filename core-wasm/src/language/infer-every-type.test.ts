// What the compiler knows of each type and each modifier, one by one; the compiler also holds that no type is left out.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { expectTypeOf, test } from "vitest";
import type { Infer, InferRow, InputOfFields, RowOfFields } from "./infer.ts";
import { model } from "./model.ts";
import { t } from "./t.ts";

type Point = readonly [x: number, y: number];
type PointRow = [number, number];
type Wide = bigint | number | string;

const every = {
  string: t.string(),
  fixedString: t.fixedString(4),
  boolean: t.boolean(),
  int8: t.int8(),
  int16: t.int16(),
  int32: t.int32(),
  int64: t.int64(),
  int128: t.int128(),
  int256: t.int256(),
  uint8: t.uint8(),
  uint16: t.uint16(),
  uint32: t.uint32(),
  uint64: t.uint64(),
  uint128: t.uint128(),
  uint256: t.uint256(),
  float32: t.float32(),
  float64: t.float64(),
  decimal: t.decimal(9, 2),
  ipv4: t.ipv4(),
  ipv6: t.ipv6(),
  uuid: t.uuid(),
  date: t.date(),
  date16: t.date16(),
  dateTime: t.dateTime("Europe/Berlin"),
  dateTime64: t.dateTime64(3),
  enum: t.enum({ on: 1, off: -300 }),
  json: t.json(),
  point: t.point(),
  ring: t.ring(),
  polygon: t.polygon(),
  multiPolygon: t.multiPolygon(),
  map: t.map(t.int64(), t.array(t.uuid())),
  object: t.object({ a: t.int8(), b: t.string().optional(), c: t.boolean().default(true) }),
  array: t.array(t.array(t.int64().optional())),
} satisfies Record<keyof typeof t, unknown>;

type EveryInput = {
  readonly string: string;
  readonly fixedString: string;
  readonly boolean: boolean;
  readonly int8: number;
  readonly int16: number;
  readonly int32: number;
  readonly int64: Wide;
  readonly int128: Wide;
  readonly int256: Wide;
  readonly uint8: number;
  readonly uint16: number;
  readonly uint32: number;
  readonly uint64: Wide;
  readonly uint128: Wide;
  readonly uint256: Wide;
  readonly float32: number;
  readonly float64: number;
  readonly decimal: number | string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly uuid: string;
  readonly date: string;
  readonly date16: string;
  readonly dateTime: Date | string;
  readonly dateTime64: Date | string;
  readonly enum: "on" | "off";
  readonly json: unknown;
  readonly point: Point;
  readonly ring: readonly Point[];
  readonly polygon: readonly (readonly Point[])[];
  readonly multiPolygon: readonly (readonly (readonly Point[])[])[];
  readonly map: { readonly [name: string]: readonly string[] };
  readonly object: { readonly a: number; readonly b?: string | null | undefined; readonly c?: boolean | undefined };
  readonly array: readonly (readonly (Wide | null)[])[];
};

type EveryRow = {
  string: string;
  fixedString: string;
  boolean: boolean;
  int8: number;
  int16: number;
  int32: number;
  int64: bigint;
  int128: bigint;
  int256: bigint;
  uint8: number;
  uint16: number;
  uint32: number;
  uint64: bigint;
  uint128: bigint;
  uint256: bigint;
  float32: number;
  float64: number;
  decimal: string;
  ipv4: string;
  ipv6: string;
  uuid: string;
  date: string;
  date16: string;
  dateTime: string;
  dateTime64: string;
  enum: "on" | "off";
  json: string;
  point: PointRow;
  ring: PointRow[];
  polygon: PointRow[][];
  multiPolygon: PointRow[][][];
  map: { [name: string]: string[] };
  object: { a: number; b: string | null; c: boolean };
  array: (bigint | null)[][];
};

const Every = model("Every", every);

test("every type, as it is sent and as it is read", () => {
  expectTypeOf<Infer<typeof Every>>().toEqualTypeOf<EveryInput>();
  expectTypeOf<InferRow<typeof Every>>().toEqualTypeOf<EveryRow>();
});

test("a Standard Schema's input and output are what an application sends", () => {
  expectTypeOf(Every).toExtend<StandardSchemaV1<EveryInput, EveryInput>>();
  expectTypeOf<StandardSchemaV1.InferInput<typeof Every>>().toEqualTypeOf<EveryInput>();
  expectTypeOf<StandardSchemaV1.InferOutput<typeof Every>>().toEqualTypeOf<EveryInput>();
});

/** What is stored as an array, a map or a tuple is empty instead of NULL. */
type Emptyable = "ring" | "polygon" | "multiPolygon" | "map" | "object" | "array";

test(".optional() may be absent or null; it is read as null, or empty", () => {
  type Optional = { readonly [K in keyof typeof every]: ReturnType<(typeof every)[K]["optional"]> };
  expectTypeOf<InputOfFields<Optional>>().toEqualTypeOf<{
    readonly [K in keyof EveryInput]?: EveryInput[K] | null | undefined;
  }>();
  expectTypeOf<RowOfFields<Optional>>().toEqualTypeOf<{
    [K in keyof EveryRow]: K extends Emptyable ? EveryRow[K] : EveryRow[K] | null;
  }>();
});

test(".default() may be absent; it is never read as null", () => {
  type Defaulted = { readonly [K in keyof typeof every]: ReturnType<(typeof every)[K]["default"]> };
  expectTypeOf<InputOfFields<Defaulted>>().toEqualTypeOf<{
    readonly [K in keyof EveryInput]?: EveryInput[K] | undefined;
  }>();
  expectTypeOf<RowOfFields<Defaulted>>().toEqualTypeOf<EveryRow>();
  // A default is of the type that is sent.
  expectTypeOf(every.enum.default).parameter(0).toEqualTypeOf<"on" | "off">();
  expectTypeOf(every.int64.default).parameter(0).toEqualTypeOf<Wide>();
  expectTypeOf(every.object.default).parameter(0).toEqualTypeOf<EveryInput["object"]>();
});

test("the other modifiers keep the type", () => {
  expectTypeOf(
    t
      .string()
      .min(1)
      .max(5)
      .pattern("^a")
      .format("email")
      .lowCardinality()
      .key()
      .describe("A text")
      .codec("ZSTD(3)")
      .pii("mask"),
  ).toEqualTypeOf(t.string());
  expectTypeOf(t.int8().min(1).max(5).key()).toEqualTypeOf(t.int8());
  expectTypeOf(t.int64().min(1n).max("9").codec("Delta")).toEqualTypeOf(t.int64());
  expectTypeOf(t.decimal(9, 2).min("0.5").max(3)).toEqualTypeOf(t.decimal(9, 2));
  expectTypeOf(t.float64().min(0).max(1)).toEqualTypeOf(t.float64());
  expectTypeOf(t.int8().optional().describe("x").codec("ZSTD").key()).toEqualTypeOf(t.int8().optional());
  type Moment = { readonly at: ReturnType<ReturnType<typeof t.dateTime64>["epoch"]> };
  expectTypeOf<InputOfFields<Moment>>().toEqualTypeOf<{ readonly at: Date | string | number | bigint }>();
  expectTypeOf<RowOfFields<Moment>>().toEqualTypeOf<{ at: string }>();
});

test("a modifier is refused where it means nothing", () => {
  // @ts-expect-error LowCardinality is for strings
  t.fixedString(4).lowCardinality();
  // @ts-expect-error a pattern is for strings
  t.int8().pattern("1");
  // @ts-expect-error a format is for strings
  t.uuid().format("uuid");
  // @ts-expect-error not a format
  t.string().format("phone");
  // @ts-expect-error an epoch is for times
  t.date().epoch("s");
  // @ts-expect-error not a unit
  t.dateTime().epoch("min");
  // @ts-expect-error bounds are for numbers and texts
  t.boolean().min(0);
  // @ts-expect-error a bound of a small integer is a number
  t.int32().min(1n);
  // @ts-expect-error bounds are for numbers and texts
  t.array(t.int8()).max(3);
  // @ts-expect-error another name
  t.enum(["on", "off"]).default("of");
  // @ts-expect-error a point has two numbers
  t.point().default([1]);
  // @ts-expect-error a field is missing
  t.object({ a: t.int8() }).default({});
});
