// Numbers by their digits: floats against JavaScript's Number and exact fractions, integers against BigInt.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import type { Core } from "./core-interface.ts";
import { createCore } from "./create-core.ts";

const utf8 = new TextEncoder();
let core: Core;
beforeAll(async () => {
  core = await createCore();
});

type Kind = "float64" | "float32" | "int64" | "uint64" | "int8";

/** The value that the core stores for each text, or the code of its refusal. */
function read(kind: Kind, texts: readonly string[]): (number | bigint | string)[] {
  const loaded = core.load(modelSpec(model("N", { v: t[kind]() as ReturnType<typeof t.float64> })));
  const input = utf8.encode(texts.map((text) => `{"v":${text}}`).join("\n"));
  const verdict = loaded.validate(input, { format: "ndjson", maxErrors: texts.length });
  const refused = new Map(verdict.errors.map((error) => [error.row, error.code as string]));
  const encoder = loaded.encoder();
  encoder.feed(loaded.collect(input, verdict).bytes, { partition: 0, baseOffset: 0, receivedAtMs: 0 });
  const bytes = kind === "int8" ? 1 : kind === "float32" ? 4 : 8;
  const block = encoder.finish();
  // Two counts (the rows' as LEB128), then the name "v" and the type, then the values.
  let at = 1;
  while (block[at++]! > 127);
  at += 2;
  at += block[at]! + 1;
  const view = new DataView(block.buffer, at);
  let row = 0;
  return texts.map((_, index) => {
    const code = refused.get(index);
    if (code !== undefined) return code;
    const offset = row++ * bytes;
    if (kind === "float64") return view.getFloat64(offset, true);
    if (kind === "float32") return view.getFloat32(offset, true);
    if (kind === "int8") return BigInt(view.getInt8(offset));
    return kind === "int64" ? view.getBigInt64(offset, true) : view.getBigUint64(offset, true);
  });
}

/** A decimal text as an exact fraction. */
function fraction(text: string): { numerator: bigint; denominator: bigint } {
  const [, sign, whole, part = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)!;
  const power = Number(exponent) - part.length;
  const digits = BigInt(`${sign}${whole}${part}`);
  return power >= 0
    ? { numerator: digits * 10n ** BigInt(power), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-power) };
}

/** A finite float64 as an exact fraction. */
function exact(value: number): { numerator: bigint; denominator: bigint } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & ((1n << 52n) - 1n)) | (biased === 0 ? 0n : 1n << 52n);
  const power = (biased === 0 ? 1 : biased) - 1075;
  const signed = bits >> 63n === 1n ? -mantissa : mantissa;
  return power >= 0
    ? { numerator: signed << BigInt(power), denominator: 1n }
    : { numerator: signed, denominator: 1n << BigInt(-power) };
}

const distance = (a: ReturnType<typeof exact>, b: ReturnType<typeof exact>): { n: bigint; d: bigint } => {
  const n = a.numerator * b.denominator - b.numerator * a.denominator;
  return { n: n < 0n ? -n : n, d: a.denominator * b.denominator };
};

/** The float32 nearest to a decimal text, ties to even: by comparing exact distances, not by rounding twice. */
function nearestSingle(text: string): number {
  const target = fraction(text);
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, Math.abs(Number(text)));
  const middle = view.getUint32(0);
  let best = { value: 0, bits: 0, n: -1n, d: 1n };
  for (let bits = Math.max(0, middle - 1); bits <= Math.min(middle + 1, 0x7f7fffff); bits++) {
    view.setUint32(0, bits);
    const value = text.startsWith("-") ? -view.getFloat32(0) : view.getFloat32(0);
    const { n, d } = distance(target, exact(value));
    const order = best.n < 0n ? -1n : n * best.d - best.n * d;
    if (order < 0n || (order === 0n && bits % 2 === 0)) best = { value, bits, n, d };
  }
  return best.value;
}

/** The exact decimal expansion of a fraction whose denominator is a power of two. */
function decimalText({ numerator, denominator }: { numerator: bigint; denominator: bigint }): string {
  const digits = denominator.toString(2).length - 1;
  const scaled = (numerator * 10n ** BigInt(digits)) / denominator;
  return `${scaled}e-${digits}`;
}

const digitText = fc
  .tuple(
    fc.constantFrom("", "-"),
    fc.bigInt({ min: 0n, max: 10n ** 30n }),
    fc.nat({ max: 30 }),
    fc.integer({ min: -345, max: 315 }),
  )
  .map(([sign, digits, point, exponent]) => {
    const text = digits.toString();
    const whole = text.slice(0, Math.max(1, text.length - point));
    const part = text.slice(whole.length);
    return `${sign}${whole}${part === "" ? "" : `.${part}`}${exponent === 0 ? "" : `e${exponent}`}`;
  });

describe("float64 is what Number says", () => {
  const expected = (text: string) => (Number.isFinite(Number(text)) ? Number(text) : "out_of_range");
  test("random digits and exponents", () => {
    const texts = fc.sample(digitText, 30_000);
    expect(read("float64", texts)).toEqual(texts.map(expected));
  });
  test("shortest and long forms of random floats", () => {
    const floats = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), 10_000);
    const texts = floats
      .flatMap((float) => [String(float), float.toExponential(20), float.toPrecision(17)])
      .filter((text) => !text.includes("Infinity"));
    expect(read("float64", texts)).toEqual(texts.map(expected));
  });
  test("half-way points, and a digit to either side of them", () => {
    const texts = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true, min: 5e-324 }), 300).flatMap((float) => {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, float);
      view.setBigUint64(0, view.getBigUint64(0) + 1n);
      const next = view.getFloat64(0);
      if (!Number.isFinite(next)) return [];
      const [a, b] = [exact(float), exact(next)];
      const numerator = a.numerator * b.denominator + b.numerator * a.denominator;
      const [digits, power] = decimalText({ numerator, denominator: a.denominator * b.denominator * 2n }).split(
        "e",
      ) as [string, string];
      return [`${digits}e${power}`, `${digits}1e${Number(power) - 1}`, `${BigInt(digits) - 1n}e${power}`];
    });
    expect(read("float64", texts)).toEqual(texts.map(expected));
  });
  test("the edges of the type", () => {
    const texts = [
      "1.7976931348623157e308",
      "1.7976931348623159e308",
      "1.797693134862315807e308",
      "1.797693134862315809e308",
      "2.4703282292062327208e-324",
      "2.4703282292062328e-324",
      "4.9e-324",
      "2.2250738585072011e-308",
      "2.2250738585072014e-308",
      "0.0",
      "-0",
      "-0.0e5",
      "1e-400",
      "1e400",
      `0.${"0".repeat(400)}1e401`,
      `1${"0".repeat(400)}e-400`,
      `${"9".repeat(800)}`,
      `0.${"9".repeat(800)}`,
      "9007199254740993",
      "9007199254740992.999999999999999999999999999999999999999999",
      `9007199254740993.${"0".repeat(800)}1`,
    ];
    expect(read("float64", texts)).toEqual(texts.map(expected));
  });
});

describe("float32 is the nearest one", () => {
  const expected = (text: string): number | string => {
    const limit = fraction("340282356779733661637539395458142568448");
    const { numerator, denominator } = fraction(text.replace(/^-/, ""));
    return numerator * limit.denominator >= limit.numerator * denominator ? "out_of_range" : nearestSingle(text);
  };
  test("random digits and exponents", () => {
    const texts = fc.sample(digitText, 6_000).filter((text) => Math.abs(Number(text)) < 1e60);
    expect(read("float32", texts)).toEqual(texts.map(expected));
  });
  test("half-way points between two of them", () => {
    const texts = fc.sample(fc.integer({ min: 0, max: 0x7f7ffffe }), 300).flatMap((bits) => {
      const view = new DataView(new ArrayBuffer(4));
      view.setUint32(0, bits);
      const low = view.getFloat32(0);
      view.setUint32(0, bits + 1);
      // The middle of two float32 is a float64.
      const middle = decimalText(exact((low + view.getFloat32(0)) / 2));
      const [digits, power] = middle.split("e") as [string, string];
      return [middle, `${digits}1e${Number(power) - 1}`, `${BigInt(digits) - 1n}e${power}`];
    });
    expect(read("float32", texts)).toEqual(texts.map(expected));
  });
});

describe("integers are exact", () => {
  const limits = { int64: [-(2n ** 63n), 2n ** 63n - 1n], uint64: [0n, 2n ** 64n - 1n], int8: [-128n, 127n] } as const;
  const expected = (kind: keyof typeof limits, text: string): bigint | string => {
    const { numerator, denominator } = fraction(text);
    if (numerator % denominator !== 0n) return "not_integral";
    const value = numerator / denominator;
    return value < limits[kind][0] || value > limits[kind][1] ? "out_of_range" : value;
  };
  const integerText = fc
    .oneof(
      fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }).map(String),
      fc.integer({ min: -200, max: 200 }).map(String),
      fc
        .tuple(fc.constantFrom(...limits.int64, ...limits.uint64), fc.integer({ min: -2, max: 2 }))
        .map(([limit, step]) => String(limit + BigInt(step))),
      fc
        .tuple(fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n }), fc.integer({ min: -22, max: 22 }))
        .map(([digits, exponent]) => `${digits}e${exponent}`),
      fc
        .tuple(
          fc.integer({ min: -300, max: 300 }),
          fc.constantFrom(".0", ".000", ".5", ".10e1", ".25e2", ".00e-5", "e0", "E+1", "000e-3"),
        )
        .map((parts) => parts.join("")),
    )
    .filter((text) => !/^-?0\d/.test(text));
  test.each(["int64", "uint64", "int8"] as const)("%s", (kind) => {
    const texts = fc.sample(integerText, 10_000);
    expect(read(kind, texts)).toEqual(texts.map((text) => expected(kind, text)));
  });
  test("decimal strings, where the type is wide", () => {
    const texts = [
      '"18446744073709551615"',
      '"18446744073709551616"',
      '"-1"',
      '"0"',
      '"-0"',
      '"00"',
      '""',
      '"-"',
      '" 1"',
      '"1.0"',
      '"1e2"',
      '"\\u0031"',
    ];
    expect(read("uint64", texts)).toEqual([
      18446744073709551615n,
      "out_of_range",
      "out_of_range",
      0n,
      0n,
      ...Array(6).fill("invalid_format"),
      1n,
    ]);
    expect(read("int8", ['"1"'])).toEqual(["wrong_type"]);
  });
});
