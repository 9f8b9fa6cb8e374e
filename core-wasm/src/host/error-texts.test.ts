// The texts of errors, which the core writes: numbers and names agree, and no size of name or count of errors does harm.
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import { codeNames } from "../program/error-texts.ts";
import type { Core, ModelCore } from "./core-interface.ts";
import { createCore } from "./create-core.ts";

const utf8 = new TextEncoder();
const origin = { partition: 0, baseOffset: 0, receivedAtMs: 0 };
const longName = `f${"é".repeat(3000)}`;
let core: Core;
let event: ModelCore;
beforeAll(async () => {
  core = await createCore();
  event = core.load(modelSpec(model("Event", { id: t.int32(), long: t.string().optional() })));
});

test("the core's numbers of codes are the places of their names", () => {
  const layout = readFileSync(new URL("../../assembly/layout.ts", import.meta.url), "utf8");
  for (const [number, name] of codeNames.entries()) {
    expect(layout).toContain(`export const ${name.toUpperCase()}: u32 = ${number};`);
  }
});

test("an unknown name of any size is told whole, each of its bytes once", () => {
  for (const name of [longName, "x".repeat(3_000_000), "~/".repeat(500_000), "\\u00e9".repeat(100_000)]) {
    const { errors } = event.validate(utf8.encode(`{"id":1,"${name}":2}`), { format: "json" });
    const plain = (JSON.parse(`"${name}"`) as string).replaceAll("~", "~0").replaceAll("/", "~1");
    expect(errors.map(({ code }) => code)).toEqual(["unknown_field"]);
    expect(errors[0]?.path === `/${plain}`).toBe(true);
  }
});

test("a hundred thousand errors are told, each with its own texts", () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => `{"id":"${index}"}`);
  const { errors, errorsTruncated } = event.validate(utf8.encode(rows.join("\n")), {
    format: "ndjson",
    maxErrors: 100_000,
  });
  expect(errorsTruncated).toBe(false);
  expect(errors.every(({ row, got, path }, index) => row === index && got === `"${index}"` && path === "/id")).toBe(
    true,
  );
  expect(errors).toHaveLength(100_000);
});

test("feeds that are refused again and again take no more memory", () => {
  const encoder = event.encoder();
  const bad = utf8.encode(`{"id":1,"${"y".repeat(200_000)}":1}`);
  const refuse = (): void =>
    expect(() => encoder.feed(bad, origin)).toThrow(/\/y+ unknown_field, expected a field of Event 1\.0/);
  refuse();
  const before = core.memoryBytes;
  for (let i = 0; i < 200; i++) refuse();
  expect(core.memoryBytes).toBe(before);
  expect(encoder.feed(utf8.encode('{"id":1}'), origin)).toBe(1);
});
