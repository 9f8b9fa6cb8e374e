// Hot path: decodes the texts of the core; most are short and ASCII, for which a call of TextDecoder costs more than the work.

const SHORT_BYTES = 16;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The UTF-8 text of `length` bytes at `at`. */
export function decodeText(bytes: Uint8Array, at: number, length: number): string {
  if (length <= SHORT_BYTES) {
    let text = "";
    let index = at;
    while (index < at + length && bytes[index]! < 0x80) text += String.fromCharCode(bytes[index++]!);
    if (index === at + length) return text;
  }
  return decoder.decode(bytes.subarray(at, at + length));
}
