// Models as Standard Schemas: the types of the specification's own package, and the core's verdicts.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { Infer } from "../language/infer.ts";
import { model } from "../language/model.ts";
import { t } from "../language/t.ts";

const Flight = model("Flight", {
  seenAt: t.dateTime64(3),
  delay: t.int16(),
  bags: t.int64().default(0n),
  tags: t.array(t.string().max(3)).optional(),
});

/** What a tool does with any schema. */
async function parse<S extends StandardSchemaV1>(schema: S, value: unknown): Promise<StandardSchemaV1.InferOutput<S>> {
  const result = await schema["~standard"].validate(value);
  if (result.issues !== undefined) throw new Error(JSON.stringify(result.issues));
  return result.value;
}

describe("types", () => {
  test("a model is a StandardSchemaV1 whose input and output are what an application sends", () => {
    expectTypeOf(Flight).toExtend<StandardSchemaV1>();
    expectTypeOf<StandardSchemaV1.InferInput<typeof Flight>>().toEqualTypeOf<Infer<typeof Flight>>();
    expectTypeOf<StandardSchemaV1.InferOutput<typeof Flight>>().toEqualTypeOf<Infer<typeof Flight>>();
    expectTypeOf<StandardSchemaV1.InferInput<typeof Flight>["delay"]>().toEqualTypeOf<number>();
    expectTypeOf<StandardSchemaV1.InferInput<typeof Flight>["bags"]>().toEqualTypeOf<
      bigint | number | string | undefined
    >();
    expectTypeOf(Flight["~standard"].vendor).toEqualTypeOf<"moose">();
  });
});

describe("verdicts", () => {
  test("a good value comes back as it was given", async () => {
    const event = { seenAt: new Date(5), delay: -3, bags: 2n, tags: ["a"] };
    expect(await parse(Flight, event)).toBe(event);
    expect(Flight["~standard"]).toMatchObject({ version: 1, vendor: "moose" });
  });

  test("every violation is an issue with its path", async () => {
    const result = await Flight["~standard"].validate({ seenAt: "soon", tags: ["abc", "long"], "a/b~c": 1 });
    expect(result.issues?.map(({ path }) => path)).toEqual([["seenAt"], ["tags", 1], ["a/b~c"], ["delay"]]);
    expect(result.issues?.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^expected a time as RFC 3339 .*, got "soon"$/),
      'expected a string of at most 3 characters, got "long"',
      "expected a field of Flight 1.0, got 1",
      "is missing: expected an integer from -32768 to 32767",
    ]);
  });

  test("what is no event is refused, and does not throw", async () => {
    const holdsItself: Record<string, unknown> = {};
    holdsItself.self = holdsItself;
    for (const value of [
      undefined,
      null,
      5,
      "text",
      [],
      [{ delay: 1 }],
      () => 1,
      new Date(0),
      { delay: Number.NaN },
      holdsItself,
    ]) {
      const result = await Flight["~standard"].validate(value);
      expect(result.issues?.length, String(value)).toBeGreaterThan(0);
    }
    expect((await Flight["~standard"].validate("text")).issues).toEqual([
      { message: 'expected an object: one Flight, got "text"', path: [] },
    ]);
  });
});
