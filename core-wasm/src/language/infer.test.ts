// What the compiler knows of models and aggregations.
import { expectTypeOf, test } from "vitest";
import { aggregation, avg, count, type InferAggregation, max, min, sum, time } from "./aggregation.ts";
import type { Infer, InferRow } from "./infer.ts";
import { model, modelSpec } from "./model.ts";
import { t } from "./t.ts";

const Flight = model(
  "Flight",
  {
    seenAt: t.dateTime64(3).key().describe("When"),
    origin: t.string().lowCardinality(),
    delay: t.int16(),
    miles: t.uint64().optional(),
    tags: t.array(t.string()).optional(),
    scores: t.array(t.float32().optional()),
    carrier: t.string().default("unknown"),
    state: t.enum(["early", "late"]),
    class: t.enum({ first: -1, second: 300 }).optional(),
    seen: t.dateTime().epoch("ms"),
    fare: t.decimal(9, 2).min("0"),
    code: t.fixedString(3).optional(),
    wei: t.uint256(),
    address: t.ipv6(),
    home: t.object({ street: t.string(), zip: t.string().optional(), at: t.point().default([0, 0]) }),
    parts: t.array(t.object({ n: t.int64() })).optional(),
    counts: t.map(t.string(), t.uint64().optional()),
    any: t.json().optional(),
    area: t.polygon().optional(),
  },
  { orderBy: ["origin"], partitionKey: "origin" },
);

test("Infer is what an application sends", () => {
  expectTypeOf<Infer<typeof Flight>>().toEqualTypeOf<{
    readonly seenAt: Date | string;
    readonly origin: string;
    readonly delay: number;
    readonly miles?: bigint | number | string | null | undefined;
    readonly tags?: readonly string[] | null | undefined;
    readonly scores: readonly (number | null)[];
    readonly carrier?: string | undefined;
    readonly state: "early" | "late";
    readonly class?: "first" | "second" | null | undefined;
    readonly seen: Date | string | number | bigint;
    readonly fare: number | string;
    readonly code?: string | null | undefined;
    readonly wei: bigint | number | string;
    readonly address: string;
    readonly home: {
      readonly street: string;
      readonly zip?: string | null | undefined;
      readonly at?: readonly [x: number, y: number] | undefined;
    };
    readonly parts?: readonly { readonly n: bigint | number | string }[] | null | undefined;
    readonly counts: { readonly [name: string]: bigint | number | string | null };
    readonly any?: unknown;
    readonly area?: readonly (readonly (readonly [x: number, y: number])[])[] | null | undefined;
  }>();
});

test("InferRow is what a reader gets", () => {
  expectTypeOf<InferRow<typeof Flight>>().toEqualTypeOf<{
    seenAt: string;
    origin: string;
    delay: number;
    miles: bigint | null;
    tags: string[];
    scores: (number | null)[];
    carrier: string;
    state: "early" | "late";
    class: "first" | "second" | null;
    seen: string;
    fare: string;
    code: string | null;
    wei: bigint;
    address: string;
    home: { street: string; zip: string | null; at: [number, number] };
    parts: { n: bigint }[];
    counts: { [name: string]: bigint | null };
    any: string | null;
    area: [number, number][][];
  }>();
});

test("InferAggregation follows dimensions and measures", () => {
  const ByMinute = aggregation("ByMinute", {
    from: Flight,
    dimensions: { minute: time("seenAt", "minute"), origin: "origin", class: "class" },
    measures: {
      flights: count(),
      delay: avg("delay"),
      total: sum("delay"),
      score: sum("miles"),
      first: min("seenAt"),
      most: max("miles"),
    },
  });
  expectTypeOf<InferAggregation<typeof ByMinute>>().toEqualTypeOf<{
    minute: string;
    origin: string;
    class: "first" | "second" | null;
    flights: bigint;
    delay: number;
    total: bigint;
    score: bigint | null;
    first: string;
    most: bigint | null;
  }>();
});

test("the compiler refuses what cannot work", () => {
  // @ts-expect-error LowCardinality is for strings
  t.int8().lowCardinality();
  // @ts-expect-error a UUID has no bounds
  t.uuid().min(1);
  // @ts-expect-error an address has no bounds
  t.ipv4().min("1");
  // @ts-expect-error the default has another type
  t.int8().default("1");
  const wrong = () => {
    // @ts-expect-error not a field
    model("M", { a: t.string() }, { orderBy: ["b"] });
    // @ts-expect-error neither true nor false
    model("M", { a: t.string() }, { quarantine: "yes" });
    // @ts-expect-error avg of a string
    aggregation("A", { from: Flight, dimensions: {}, measures: { x: avg("origin") } });
    // @ts-expect-error an object is no dimension
    aggregation("A", { from: Flight, dimensions: { x: "home" }, measures: { n: count() } });
    // @ts-expect-error a bucket of a string
    aggregation("A", { from: Flight, dimensions: { x: time("origin", "day") }, measures: { n: count() } });
    // @ts-expect-error not a field
    aggregation("A", { from: Flight, dimensions: { x: "nothing" }, measures: { n: count() } });
  };
  expectTypeOf(wrong).toBeFunction();
  expectTypeOf(modelSpec).toBeCallableWith(Flight);
});
