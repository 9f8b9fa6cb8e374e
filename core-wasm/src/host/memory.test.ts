// Memory: inputs at page edges and at the limits, what is given back, and a model in the middle of another's work.
import { beforeAll, describe, expect, test } from "vitest";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import { CoreError } from "./core-error.ts";
import type { Core } from "./core-interface.ts";
import { createCore } from "./create-core.ts";

const utf8 = new TextEncoder();
const MIB = 1024 * 1024;
let core: Core;
beforeAll(async () => {
  core = await createCore();
});

const Note = model("Note", { text: t.string(), n: t.int32().optional() });
const origin = { partition: 0, baseOffset: 0, receivedAtMs: 0 };

describe("sizes", () => {
  test("an input that fills the limit is read, one byte more is refused", () => {
    const note = core.load(modelSpec(Note));
    const frame = utf8.encode('{"text":""}').length;
    const full = utf8.encode(`{"text":"${"x".repeat(core.maxInputBytes - frame)}"}`);
    expect(note.validate(full, { format: "json" }).accepted).toBe(1);
    const encoder = note.encoder();
    expect(encoder.feed(full, origin)).toBe(1);
    expect(encoder.finish().length).toBeGreaterThan(core.maxInputBytes - frame);
    const more = new Uint8Array(core.maxInputBytes + 1).fill(0x20);
    expect(() => note.validate(more, { format: "json" })).toThrow(RangeError);
    expect(() => encoder.feed(more, origin)).toThrow(RangeError);
  });

  test("inputs that end at a page's last byte, and around it", () => {
    const note = core.load(modelSpec(Note));
    for (let length = 65_400; length < 65_700; length++) {
      const text = `{"text":"${"é".repeat(100)}${"x".repeat(length)}"}`;
      expect(note.validate(utf8.encode(text), { format: "json" }).accepted).toBe(1);
      expect(note.validate(utf8.encode(text.slice(0, -1)), { format: "json" }).unreadable).toBeDefined();
    }
  });

  test("millions of tiny rows", () => {
    const note = core.load(modelSpec(model("Tiny", { n: t.int32().optional() })));
    const input = utf8.encode("{}\n".repeat(3_000_000));
    const verdict = note.validate(input, { format: "ndjson" });
    expect(verdict).toMatchObject({ rows: 3_000_000, accepted: 3_000_000 });
    expect([...verdict.bounds.subarray(-2)]).toEqual([input.length - 3, input.length - 1]);
    const refused = note.validate(utf8.encode("1\n".repeat(1_000_000)), { format: "ndjson", maxErrors: 3 });
    expect(refused).toMatchObject({ rejected: 1_000_000, errorsTruncated: true });
    expect(refused.errors).toHaveLength(3);
    expect(refused.rejectedRows.at(-1)).toBe(999_999);
  });
});

test("memory is given back after a large input, and does not creep", () => {
  const note = core.load(modelSpec(Note));
  const large = utf8.encode(`{"text":"${"x".repeat(30 * MIB)}"}`);
  note.validate(large, { format: "json" });
  const small = utf8.encode('{"text":"x"}');
  note.validate(small, { format: "json" });
  expect(core.memoryBytes).toBeLessThan(40 * MIB);
  const encoder = note.encoder();
  const rows = utf8.encode('{"text":"some text that is neither long nor short","n":5}\n'.repeat(20_000));
  let settled = 0;
  for (let round = 0; round < 30; round++) {
    encoder.feed(rows, origin);
    encoder.finish();
    note.validate(rows, { format: "ndjson" });
    if (round === 5) settled = core.memoryBytes;
  }
  expect(core.memoryBytes).toBe(settled);
});

test("calls share one room, whatever was written to it before", () => {
  const note = core.load(modelSpec(Note));
  const other = core.load(modelSpec(model("Other", { text: t.string().max(3) })));
  const json = { format: "json" } as const;
  const long = utf8.encode(`{"text":"${"x".repeat(50_000)}"}`);
  const first = note.validate(utf8.encode(' {"text":"é"} '), json);
  for (let round = 0; round < 3; round++) {
    expect(note.validate(long, json).accepted).toBe(1);
    // What the long input left behind the short one is not read.
    expect(note.validate(utf8.encode('{"text":"x'), json).unreadable?.offset).toBe(10);
    expect(note.validate(utf8.encode('{"text":1,"n":"1"}'), { ...json, maxErrors: 1 }).errors).toHaveLength(1);
    expect(note.validate(utf8.encode('{"text":1,"n":"1"}'), json).errors).toHaveLength(2);
    expect(other.validate(utf8.encode('{"text":"xxxx"}'), json).errors[0]?.code).toBe("too_long");
    expect(other.validate(utf8.encode('{"text":"xxx"}'), json).accepted).toBe(1);
  }
  // A verdict is the caller's: later calls do not change it.
  expect([...first.bounds]).toEqual([1, 14]);
  expect(first.bounds).toBe(first.bounds);
});

test("a block that would grow too large is refused and stays as it was", () => {
  const wide = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`f${i}`, t.int64().optional()]));
  const encoder = core.load(modelSpec(model("Wide", wide))).encoder();
  encoder.feed(utf8.encode('{"f1":1}'), origin);
  const before = encoder.bytes;
  const bomb = utf8.encode("{}".repeat(400_000));
  expect(() => encoder.feed(bomb, origin)).toThrow(expect.objectContaining({ code: "block_too_large" }));
  expect([encoder.rows, encoder.bytes]).toEqual([1, before]);
  expect(encoder.feed(utf8.encode("{}"), origin)).toBe(1);
  expect([...encoder.finish().subarray(0, 3)]).toEqual([203, 1, 2]);
});

test("models and encoders do not disturb each other", () => {
  const [a, b] = [
    core.load(modelSpec(model("A", { x: t.int8() }))),
    core.load(modelSpec(model("B", { x: t.string().lowCardinality() }))),
  ];
  const [one, two] = [a.encoder(), b.encoder()];
  const other = b.encoder();
  for (let round = 0; round < 50; round++) {
    expect(a.validate(utf8.encode(`{"x":${round}}`), { format: "json" }).accepted).toBe(1);
    expect(b.validate(utf8.encode(`{"x":${round}}`), { format: "json" }).accepted).toBe(0);
    one.feed(utf8.encode(`{"x":${round}}`), origin);
    two.feed(utf8.encode(`{"x":"${round % 7}"}`), { ...origin, baseOffset: round });
    if (round % 2 === 0) other.feed(utf8.encode('{"x":"other"}'), origin);
  }
  expect([one.rows, two.rows, other.rows]).toEqual([50, 50, 25]);
  other.reset();
  expect([other.rows, other.bytes]).toEqual([0, 0]);
  expect([...one.finish().subarray(0, 2)]).toEqual([4, 50]);
  expect([...two.finish().subarray(0, 2)]).toEqual([4, 50]);
});

test("a disposed model says so", () => {
  const note = core.load(modelSpec(Note));
  note.dispose();
  expect(() => note.validate(new Uint8Array(0), { format: "json" })).toThrow(CoreError);
  expect(() => note.encoder()).toThrow("load it again");
});
