// Runs one conformance case on a host; Node and Chromium share it.
import type { Core } from "../host/core-interface.ts";
import type { ModelSpec } from "../language/model-spec.ts";
import type { ConformanceCase } from "./test-conformance-files.ts";

const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** Everything that a case expects, as this host has it, in plain JSON. */
export function judge(core: Core, spec: ModelSpec, one: ConformanceCase) {
  const loaded = core.load(spec);
  const input = one.input === undefined ? fromBase64(one.inputBase64!) : new TextEncoder().encode(one.input);
  const { format, maxErrors } = one;
  const verdict = loaded.validate(input, { format, ...(maxErrors === undefined ? {} : { maxErrors }) });
  const { bytes } = loaded.collect(input, verdict);
  let native: string | undefined;
  if (one.origin !== undefined) {
    const encoder = loaded.encoder();
    encoder.feed(bytes, one.origin);
    native = toBase64(encoder.finish());
  }
  const { bounds, rejectedRows, partitionKeys: keys, ...rest } = verdict;
  return {
    schemaId: loaded.schemaId,
    program: toBase64(loaded.program),
    ...rest,
    bounds: [...bounds],
    rejectedRows: [...rejectedRows],
    ...(keys === undefined ? {} : { partitionKeys: { hashes: [...keys.hashes], bounds: [...keys.bounds] } }),
    native,
  };
}
