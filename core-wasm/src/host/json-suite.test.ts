// nst/JSONTestSuite: every y_ is accepted, every n_ refused, every i_ as JSON.md says; and each as JSON.parse, but for the rules there.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import type { ModelCore, Validation } from "./core-interface.ts";
import { createCore } from "./create-core.ts";
import { suiteCases } from "./test-json-suite.ts";

const utf8 = new TextEncoder();
let open: ModelCore;
beforeAll(async () => {
  open = (await createCore()).load(modelSpec(model("Open", { n: t.int32().optional() }, { extra: "drop" })));
});

/** The text as the value of a field that is dropped: anything that JSON can say may stand there. */
function asValue(text: Uint8Array): Validation {
  return open.validate(Uint8Array.from([...utf8.encode('{"x":'), ...text, ...utf8.encode("}")]), { format: "json" });
}

const choiceOf = (verdict: Validation): string =>
  verdict.unreadable !== undefined
    ? "refused: not JSON"
    : verdict.accepted === 1
      ? "accepted"
      : `refused: ${verdict.errors[0]?.code}`;

/** JSON.parse of well-formed UTF-8. */
function parses(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

/** The rows of the table in JSON.md: name and choice. */
const choices = new Map(
  [...readFileSync(new URL("../../JSON.md", import.meta.url), "utf8").matchAll(/^\| `(i_\S+)` +\| (.+?) +\|/gm)].map(
    ([, name, choice]) => [name!, choice!] as const,
  ),
);

test("the suite is whole", () => {
  const count = (kind: string): number => suiteCases.filter((one) => one.kind === kind).length;
  expect([count("y"), count("n"), count("i")]).toEqual([95, 188, 35]);
});

describe("y_ is accepted", () => {
  test.each(suiteCases.filter(({ kind }) => kind === "y"))("$name", ({ bytes }) => {
    expect(open.validate(bytes, { format: "json" }).unreadable).toBeUndefined();
    expect(choiceOf(asValue(bytes))).toBe("accepted");
    expect(parses(bytes)).toBe(true);
  });
});

describe("n_ is refused", () => {
  test.each(suiteCases.filter(({ kind }) => kind === "n"))("$name", ({ bytes }) => {
    expect(open.validate(bytes, { format: "json" }).unreadable).toBeDefined();
    expect(choiceOf(asValue(bytes))).toBe("refused: not JSON");
    expect(parses(bytes)).toBe(false);
  });
});

describe("i_ is as JSON.md says", () => {
  test("the table has every case, and no other", () => {
    expect([...choices.keys()].sort()).toEqual(
      suiteCases.flatMap(({ kind, name }) => (kind === "i" ? [name] : [])).sort(),
    );
  });

  test.each(suiteCases.filter(({ kind }) => kind === "i"))("$name", ({ name, bytes }) => {
    expect(choiceOf(asValue(bytes))).toBe(choices.get(name));
  });

  test.each(suiteCases.filter(({ kind }) => kind === "i"))(
    "$name: stricter than JSON.parse only where it is said",
    ({ name, bytes }) => {
      const stricter = /surrogate|500_nested/.test(name) && !/UTF8/.test(name);
      expect(choiceOf(asValue(bytes)) === "accepted").toBe(parses(bytes) && !stricter);
    },
  );
});

describe("the rules that are stricter than JSON.parse", () => {
  const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
  test.each([
    ["a member twice in a row", '{"a":1,"a":2}', "refused: duplicate_key"],
    ["a member twice in a row, one escaped", '{"a":1,"\\u0061":2}', "refused: duplicate_key"],
    ["half of a surrogate pair in a value", '{"a":"\\ud800"}', "refused: invalid_utf8"],
    ["half of a surrogate pair in a name", '{"\\udc00":1}', "refused: invalid_utf8"],
    ["65 levels", `{"a":${nested(64)}}`, "refused: too_deep"],
    ["a row that is no object", "1", "refused: not_an_object"],
  ])("%s", (_, text, choice) => {
    expect(choiceOf(open.validate(utf8.encode(text), { format: "json" }))).toBe(choice);
    expect(parses(utf8.encode(text))).toBe(true);
  });

  test("a member twice at any depth of a JSON value that is kept", async () => {
    const kept = (await createCore()).load(modelSpec(model("Kept", { x: t.json() })));
    const choice = (text: string): string => choiceOf(kept.validate(utf8.encode(`{"x":${text}}`), { format: "json" }));
    expect(choice('[{"a":{"b":1,"\\u0062":2}}]')).toBe("refused: duplicate_key");
    for (const { kind, name, bytes } of suiteCases.filter((one) => one.kind === "y")) {
      const expected = name.startsWith("y_object_duplicated_key") ? "refused: duplicate_key" : "accepted";
      expect([kind, name, choice(new TextDecoder().decode(bytes))]).toEqual([kind, name, expected]);
    }
  });

  test("64 levels are none", () => {
    expect(choiceOf(open.validate(utf8.encode(`{"a":${nested(63)}}`), { format: "json" }))).toBe("accepted");
  });

  test("bytes that are no UTF-8, which JSON.parse never sees", () => {
    expect(choiceOf(asValue(Uint8Array.from([0x22, 0xff, 0x22])))).toBe("refused: invalid_utf8");
  });
});
