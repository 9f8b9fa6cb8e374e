// Programs that somebody else compiled: the same verdict and schema as of their model, and a plain refusal of what is no program.
import { describe, expect, test } from "vitest";
import { coreWasmBase64 } from "../generated/core-wasm.ts";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import { createCore } from "./create-core.ts";
import { createProgramCore } from "./create-program-core.ts";

const spec = modelSpec(model("Visit", { path: t.string(), ms: t.uint32().optional() }));
const origin = { partition: 3, baseOffset: 7, receivedAtMs: 1_700_000_000_000 };
const rows = new TextEncoder().encode('{"path":"/","ms":1}\n{"path":"/a"}\n');

describe("a program without its model", () => {
  test("judges and encodes as the model does", async () => {
    const [core, programs] = [await createCore(), await createProgramCore()];
    const compiled = core.load(spec);
    const loaded = programs.load(compiled.program, spec.name);
    expect(loaded.schemaId).toBe(compiled.schemaId);
    const broken = '{"path":1}\n{"ms":-1,"path":"/"}\n{"path":"/"}';
    expect(loaded.validate(broken, { format: "ndjson" })).toEqual(compiled.validate(broken, { format: "ndjson" }));
    expect(loaded.validate(broken, { format: "ndjson" })).toMatchObject({ accepted: 1, rejected: 2 });
    const blocks = [compiled, loaded].map((one) => {
      const encoder = one.encoder();
      expect(encoder.feed(rows, origin)).toBe(2);
      return encoder.finish();
    });
    expect(blocks[1]).toEqual(blocks[0]);
  });

  test("is named in what a refused feed says", async () => {
    const programs = await createProgramCore();
    const encoder = programs.load((await createCore()).load(spec).program, "Visit").encoder();
    expect(() => encoder.feed(new TextEncoder().encode("{}\n"), origin)).toThrow("row 0 is not a valid Visit");
  });
});

describe("a module that the host brings", () => {
  const bytes = (): Uint8Array => new Uint8Array(Buffer.from(coreWasmBase64, "base64"));
  const { Module } = (globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } })
    .WebAssembly;

  test.each([
    ["bytes", () => bytes()],
    ["a buffer", () => bytes().buffer as ArrayBuffer],
    ["a compiled module", () => new Module(bytes())],
    ["a response", () => new Response(Buffer.from(coreWasmBase64, "base64"))],
    ["a promise", () => Promise.resolve(bytes())],
  ])("as %s", async (_, wasm) => {
    const core = await createCore({ wasm: wasm() });
    expect(core.load(spec).validate(rows, { format: "ndjson" }).accepted).toBe(2);
  });

  test("that was not found is said", async () => {
    const wasm = Promise.resolve(new Response("none", { status: 404 }));
    await expect(createProgramCore({ wasm })).rejects.toThrow("answered 404");
  });
});

test("what is no program is refused", async () => {
  const programs = await createProgramCore();
  const program = (await createCore()).load(spec).program;
  const otherVersion = program.slice();
  otherVersion[3]! ^= 1;
  for (const bytes of [new Uint8Array(0), program.subarray(0, 40), otherVersion, rows]) {
    expect(() => programs.load(bytes, "Visit")).toThrow("not a compiled program");
  }
});
