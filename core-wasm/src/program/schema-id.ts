// The name of a schema: a digest of its program, without the texts of errors.
import { digest } from "./digest.ts";
import { RULES_BYTES } from "./layout.ts";

/** Names the rules of a program. Its texts may change without making it another schema. */
export function schemaId(program: Uint8Array): string {
  const rules = new DataView(program.buffer, program.byteOffset).getUint32(RULES_BYTES, true);
  return digest(program.subarray(0, rules));
}
