// What a page has to fetch: the module keeps within its budget.
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { coreWasmBase64 } from "../generated/core-wasm.ts";

const BUDGET_BYTES = 40_000;

test(`the module has at most ${BUDGET_BYTES} bytes, gzipped`, () => {
  const bytes = gzipSync(Buffer.from(coreWasmBase64, "base64"), { level: 9 }).length;
  console.log(`core.wasm, gzipped: ${bytes} bytes`);
  expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
});
