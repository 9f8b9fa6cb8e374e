// The formats that a string can have: each is a pattern, so that its definition is all there is to it.
import type { StringFormat } from "../language/model-spec.ts";

const byte = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ipv4 = `(?:${byte}\\.){3}${byte}`;
const hex = "[\\dA-Fa-f]{1,4}";
const last32 = `(?:${hex}:${hex}|${ipv4})`;
/** RFC 3986, IPv6address: a line for each number of groups behind the "::". */
const ipv6 = [
  `(?:${hex}:){6}${last32}`,
  `::(?:${hex}:){5}${last32}`,
  `(?:${hex})?::(?:${hex}:){4}${last32}`,
  `(?:(?:${hex}:)?${hex})?::(?:${hex}:){3}${last32}`,
  `(?:(?:${hex}:){0,2}${hex})?::(?:${hex}:){2}${last32}`,
  `(?:(?:${hex}:){0,3}${hex})?::${hex}:${last32}`,
  `(?:(?:${hex}:){0,4}${hex})?::${last32}`,
  `(?:(?:${hex}:){0,5}${hex})?::${hex}`,
  `(?:(?:${hex}:){0,6}${hex})?::`,
].join("|");

const label = "[\\dA-Za-z](?:[\\dA-Za-z-]{0,61}[\\dA-Za-z])?";
const atomText = "[\\w!#$%&'*+/=?^`{|}~-]";

const leapYear = "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
const date = `(?:\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))|${leapYear}-02-29)`;
const hour = "(?:[01]\\d|2[0-3])";
const time = `${hour}:[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:[Zz]|[+-]${hour}:[0-5]\\d)`;

const plain = "[\\w.~!$&'()*+,;=-]|%[\\dA-Fa-f]{2}";
const pathCharacter = `(?:${plain}|[:@])`;
const host = `(?:\\[(?:${ipv6}|[vV][\\dA-Fa-f]+\\.[\\w.~!$&'()*+,;=:-]+)\\]|(?:${plain})*)`;
const authority = `(?:(?:${plain}|:)*@)?${host}(?::\\d*)?`;
const path = `(?:/${pathCharacter}*)*`;
/** RFC 3986, URI: with a scheme, and something behind it. */
const uri = `[A-Za-z][\\dA-Za-z+.-]*:(?://${authority}${path}|/(?:${pathCharacter}+${path})?|${pathCharacter}+${path})(?:\\?(?:${pathCharacter}|[/?])*)?(?:#(?:${pathCharacter}|[/?])*)?`;

/** The whole text matches. */
export const formatPatterns: Readonly<Record<StringFormat, string>> = {
  date: `^${date}$`,
  "date-time": `^${date}[Tt]${time}$`,
  email: `^(?:${atomText}+\\.)*${atomText}+@(?:${label}\\.)+${label}$`,
  hostname: `^(?:${label}\\.)*${label}$`,
  ipv4: `^${ipv4}$`,
  ipv6: `^(?:${ipv6})$`,
  time: `^${time}$`,
  uri: `^${uri}$`,
  uuid: "^[\\dA-Fa-f]{8}(?:-[\\dA-Fa-f]{4}){3}-[\\dA-Fa-f]{12}$",
};

/** Longest text of a format, in characters: RFC 1035 and RFC 5321. */
export const formatMaxLength: Readonly<Partial<Record<StringFormat, number>>> = { hostname: 253, email: 254 };

/** What an error says of a format. */
export const formatTexts: Readonly<Record<StringFormat, string>> = {
  date: "a day that exists, as 2001-01-31",
  "date-time": "a time as RFC 3339, as 2001-01-31T13:05:00Z",
  email: "an e-mail address, as name@example.com",
  hostname: "a host name of letters, digits and dashes, as www.example.com",
  ipv4: "an IPv4 address, as 192.0.2.1",
  ipv6: "an IPv6 address, as 2001:db8::1",
  time: "a time of day with its offset as RFC 3339, as 13:05:00Z",
  uri: "a URI with its scheme, as https://example.com/a?b#c",
  uuid: "a UUID: 8-4-4-4-12 hexadecimal digits",
};

export const isStringFormat = (name: string): name is StringFormat => Object.hasOwn(formatPatterns, name);

/** The longest that a string may be by its bound and its format. */
export function maxLength(type: { readonly max?: number; readonly format?: StringFormat }): number | undefined {
  const bounds = [type.max, type.format === undefined ? undefined : formatMaxLength[type.format]];
  const known = bounds.filter((bound) => bound !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
