// Decodes the inlined module. A loop over its bytes, which runs once and so unoptimized, takes longer than to compile them.

/** What hosts offer that neither Node's nor ECMAScript's type library declares for all of them: browsers the first, Node the second. */
interface NativeDecoders {
  readonly Uint8Array: { fromBase64?(text: string): Uint8Array };
  readonly Buffer?: { from(text: string, encoding: "base64"): Uint8Array };
}

export function decodeBase64(text: string): Uint8Array {
  const { Uint8Array: bytes, Buffer: buffer } = globalThis as unknown as NativeDecoders;
  if (bytes.fromBase64 !== undefined) return bytes.fromBase64(text);
  return buffer === undefined ? decodeByLoop(text) : buffer.from(text, "base64");
}

/** For browsers of before 2025. */
export function decodeByLoop(text: string): Uint8Array {
  const latin1 = atob(text);
  const bytes = new Uint8Array(latin1.length);
  for (let i = 0; i < latin1.length; i++) bytes[i] = latin1.charCodeAt(i);
  return bytes;
}
