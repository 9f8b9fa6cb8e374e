// Wide integers, decimals, fixed strings, addresses, patterns and formats by hand, as test-value-cases.ts has the other types.
import { t } from "../language/t.ts";
import { group, type ValueGroup } from "./test-value-group.ts";

const most = (bits: bigint): string => String((1n << bits) - 1n);
const least = (bits: bigint): string => String(-(1n << bits));

const wide = (name: string, field: unknown, lowest: string, highest: string): ValueGroup =>
  group(
    name,
    field,
    `an integer from ${lowest} to ${highest}`,
    [
      [`"${highest}"`, highest],
      [`"${lowest}"`, lowest],
      [highest, highest, "digits"],
      [lowest, lowest, "digits"],
      ["1.5e2", "150"],
      ["-0", "0"],
    ],
    [
      [String(BigInt(highest) + 1n), "out_of_range", "digits"],
      [`"${BigInt(highest) + 1n}"`, "out_of_range"],
      [`"${BigInt(lowest) - 1n}"`, "out_of_range"],
      ["1e99", "out_of_range"],
      ["0.1", "not_integral"],
      ['"1e2"', "invalid_format"],
      ["true", "wrong_type"],
    ],
  );

export const wideGroups: readonly ValueGroup[] = [
  wide("Int128", t.int128(), least(127n), most(127n)),
  wide("UInt128", t.uint128(), "0", most(128n)),
  wide("Int256", t.int256(), least(255n), most(255n)),
  wide("UInt256", t.uint256(), "0", most(256n)),
  group(
    "Decimal9",
    t.decimal(9, 2),
    "a number of at most 9 digits, 2 of them behind the point",
    [
      ["0", "0"],
      ["-1.5", "-1.5"],
      ["9999999.99", "9999999.99"],
      ['"-9999999.99"', "-9999999.99"],
      ["1.2300", "1.23"],
      ["123e-2", "1.23"],
      ["1e6", "1000000"],
    ],
    [
      ["1.234", "precision_loss"],
      ["10000000", "out_of_range"],
      ['"abc"', "invalid_format"],
      ['""', "invalid_format"],
      ["null", "wrong_type"],
    ],
  ),
  group(
    "Decimal76",
    t.decimal(76, 38),
    "a number of at most 76 digits, 38 of them behind the point",
    [
      [`"${"9".repeat(38)}.${"9".repeat(38)}"`, `${"9".repeat(38)}.${"9".repeat(38)}`],
      [`-${"9".repeat(38)}.${"9".repeat(38)}`, `-${"9".repeat(38)}.${"9".repeat(38)}`, "digits"],
      ["1e-38", `0.${"0".repeat(37)}1`],
    ],
    [
      ["1e-39", "precision_loss"],
      ["1e38", "out_of_range"],
    ],
  ),
  group(
    "FixedString",
    t.fixedString(4),
    "a string of at most 4 bytes",
    [
      ['"abcd"', "abcd"],
      ['"é"', "é\0\0"],
      ['""', "\0\0\0\0"],
      ['"\\ud83d\\ude80"', "🚀"],
    ],
    [
      ['"abcde"', "too_long"],
      ['"ééé"', "too_long"],
      ["1", "wrong_type"],
    ],
  ),
  group(
    "IPv4",
    t.ipv4(),
    "an IPv4 address: 192.0.2.1",
    [
      ['"192.0.2.1"', "192.0.2.1"],
      ['"0.0.0.0"', "0.0.0.0"],
      ['"255.255.255.255"', "255.255.255.255"],
    ],
    [
      ['"256.0.0.1"', "invalid_format"],
      ['"1.2.3"', "invalid_format"],
      ['"1.2.3.4.5"', "invalid_format"],
      ['"1.2.3.4 "', "invalid_format"],
      ['"::1"', "invalid_format"],
      ["1", "wrong_type"],
    ],
  ),
  group(
    "IPv6",
    t.ipv6(),
    "an IPv6 address: 2001:db8::1",
    [
      ['"2001:db8::1"', "2001:db8::1"],
      ['"::"', "::"],
      ['"2001:DB8:0:0:0:0:0:1"', "2001:db8::1"],
      ['"::ffff:192.0.2.1"', "::ffff:192.0.2.1"],
      ['"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"', "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    ],
    [
      ['":::"', "invalid_format"],
      ['"1::2::3"', "invalid_format"],
      ['"1:2:3:4:5:6:7"', "invalid_format"],
      ['"12345::"', "invalid_format"],
      ['"fe80::1%eth0"', "invalid_format"],
    ],
  ),
];
