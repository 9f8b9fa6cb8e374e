// A trap, forced in two ways: the caller gets a CoreError, and the next call has a new instance that works.
import { describe, expect, test } from "vitest";
import { coreWasmBase64 } from "../generated/core-wasm.ts";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import { compileProgram } from "../program/compile-program.ts";
import { schemaId } from "../program/schema-id.ts";
import { LoadedModel } from "./loaded-model.ts";
import { Instance } from "./wasm-module.ts";

const utf8 = new TextEncoder();
const spec = modelSpec(model("M", { s: t.string(), n: t.int32().optional() }));
const origin = { partition: 0, baseOffset: 0, receivedAtMs: 0 };
const good = utf8.encode('{"s":"x"}');

interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
}
const { compile } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

const MEMORY_SECTION = 5;

/** The module as it ships, but for how many pages its memory may have. */
function withMaximumPages(pages: number): Promise<object> {
  const bytes = new Uint8Array(Buffer.from(coreWasmBase64, "base64"));
  // Behind the magic number and the version: id, size and contents of each section.
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at++];
    const [size, begin] = leb128(bytes, at);
    if (id === MEMORY_SECTION) {
      // One memory that has a maximum; behind its minimum, three bytes of 32768.
      const [, maximum] = leb128(bytes, begin + 2);
      expect([...bytes.subarray(begin, begin + 2), ...bytes.subarray(maximum, maximum + 3)]).toEqual([
        1, 1, 128, 128, 2,
      ]);
      bytes.set([(pages & 127) | 128, (pages >> 7) | 128, 0], maximum);
      return compile(bytes);
    }
    at = begin + size;
  }
  throw new Error("the module has no memory");
}

function leb128(bytes: Uint8Array, at: number): [value: number, next: number] {
  const byte = bytes[at]!;
  if (byte < 128) return [byte, at + 1];
  const [rest, next] = leb128(bytes, at + 1);
  return [(byte & 127) + rest * 128, next];
}

function load(module: object, program = compileProgram(spec), validator = new Instance(module)): LoadedModel {
  const id = schemaId(compileProgram(spec));
  const newInstance = () => new Instance(module);
  return new LoadedModel({
    name: spec.name,
    program,
    schemaId: id,
    validator,
    newInstance,
    maxInputBytes: 32 * 1024 * 1024,
  });
}

describe("a host that gives no more memory", () => {
  const large = utf8.encode(`{"s":"${"x".repeat(4 * 1024 * 1024)}"}`);

  test("a validator says so, and works on", async () => {
    const loaded = load(await withMaximumPages(40));
    for (let round = 0; round < 3; round++) {
      expect(loaded.validate(good, { format: "json" }).accepted).toBe(1);
      expect(() => loaded.validate(large, { format: "json" })).toThrow(
        expect.objectContaining({ code: "out_of_memory", message: expect.stringContaining("send less at a time") }),
      );
    }
    expect(loaded.validate(good, { format: "json" }).accepted).toBe(1);
  });

  test("an encoder says so, has lost what it held, and works on", async () => {
    const encoder = load(await withMaximumPages(40)).encoder();
    const block = (): Uint8Array => {
      encoder.feed(good, origin);
      return encoder.finish();
    };
    const before = block();
    encoder.feed(good, origin);
    expect(() => encoder.feed(large, origin)).toThrow(expect.objectContaining({ code: "out_of_memory" }));
    expect([encoder.rows, encoder.bytes]).toEqual([0, 0]);
    expect(block()).toEqual(before);
  });
});

test("a host that has no addresses left for another memory", async () => {
  const { Instance: Memory } = (globalThis as unknown as { WebAssembly: { Instance: new (module: object) => object } })
    .WebAssembly;
  const module = await withMaximumPages(16_000);
  const held: object[] = [];
  try {
    // 128 TiB of addresses, of which hardly any becomes memory.
    while (held.length < 20_000) held.push(new Memory(module));
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
  }
  expect(() => load(module).encoder().feed(good, origin)).toThrow(
    expect.objectContaining({ name: "CoreError", code: "out_of_memory", message: expect.stringContaining("alive") }),
  );
  expect(held.length).toBeGreaterThan(100);
}, 120_000);

test("an access outside of the memory, forced by a program that no compiler writes", async () => {
  const module = await withMaximumPages(40);
  const validator = new Instance(module);
  const [whole, broken] = [compileProgram(spec), compileProgram(spec)];
  // Offsets of the fields and of what stands behind them.
  broken.fill(0xff, 64);
  const [sane, insane] = [load(module, whole, validator), load(module, broken, validator)];
  for (let round = 0; round < 3; round++) {
    expect(() => insane.validate(good, { format: "json" })).toThrow(
      expect.objectContaining({
        name: "CoreError",
        code: "trapped",
        message: expect.stringContaining("please report"),
      }),
    );
    expect(sane.validate(good, { format: "json" }).accepted).toBe(1);
  }
});
