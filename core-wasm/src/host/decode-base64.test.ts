// Every way of decoding gives the module's bytes.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { coreWasmBase64 } from "../generated/core-wasm.ts";
import { decodeBase64, decodeByLoop } from "./decode-base64.ts";

test("the inlined module is the one that was built, however it is decoded", () => {
  const built = readFileSync(new URL("../../build/core.wasm", import.meta.url));
  expect(built.equals(decodeBase64(coreWasmBase64))).toBe(true);
  expect(built.equals(decodeByLoop(coreWasmBase64))).toBe(true);
});
