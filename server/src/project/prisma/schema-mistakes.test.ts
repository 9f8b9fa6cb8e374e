// Every refusal of a schema: its line, its column and a sentence that says what to do.
import { expect, test } from "vitest";
import { mistakeIn } from "./test-schema.ts";

/** A model whose line 3 is under test. */
const inModel = (line: string): string => `model M {\n  k DateTime @id\n${line}\n}\n`;

test.each([
  ["modle M {\n  a Int\n}\n", '1:1 "modle" cannot stand here: did you mean "model"?'],
  ["enum E {\n  A\n}\n// x\nmodle M {\n}\n", '5:1 "modle" cannot stand here: did you mean "model"?'],
  ["plugin x {\n  a = 1\n}\n", '1:1 "plugin" cannot stand here'],
  ["model M {\n  a Int\n", "2:7 The file ends inside a block: close it with }"],
  ["model M { a Int }\n", '1:11 "a" cannot stand here: a new line is expected'],
  [
    inModel('  a String @default("abc)'),
    '3:21 This text does not end in its line, or has an unknown escape: close it with "',
  ],
  [inModel("  _a Int"), '3:3 "_a" cannot stand here'],
  [inModel("  a Int[]?"), "3:10 \"?\" cannot stand here: '}' is expected"],
  [inModel("  a Int @default(1"), "3:19 The line ends too early: ')' is expected"],
  [inModel("  a Int b Int"), '3:9 Write "b" in a line of its own'],
  [inModel("  a = Int"), '3:5 "=" cannot stand here'],
  [inModel('  a "Int"'), expect.stringMatching(/^3:5 "Int" is not a type: known here: String, /)],
  [inModel("  a Int;"), '3:8 ";" cannot stand here'],
  ["model Ünder {\n  a Int\n}\n", '1:7 "Ünder" cannot stand here'],
])("syntax: %j", (text, expected) => {
  expect(mistakeIn(text)).toEqual(expected);
});

test.each([
  ["  a Strng", '3:5 Strng is not a type: did you mean "String"?'],
  ["  a Bytes", "3:5 a: Bytes cannot be carried by JSON: send the bytes as base64 text in a String"],
  ['  a Unsupported("circle")', "3:5 a has a type that Prisma does not know either: choose a scalar type"],
  ["  a Decimal", /^3:5 a: Decimal needs its digits: add @db\.Decimal\(18, 4\)/],
  ["  a String @db.Varcher(3)", '3:12 a: @db.Varcher is not known for String: did you mean "@db.VarChar"?'],
  ["  a String @db.Inet", /^3:12 a: @db\.Inet may hold addresses of both kinds/],
  ["  a DateTime @db.Time(3)", /^3:14 a: @db\.Time is a time of day/],
  ["  a DateTime @db.Timestamp(12)", /^3:3 M\.a: a precision of 12 is not possible: use 0 to 9/],
  ["  a DateTime @default(now())", /^3:14 @default\(now\(\)\) would have the server set a time: .*_received_at/],
  ["  a String @default(uuid())", /^3:12 @default\(uuid\(\)\) makes an id .*make the id in the app/],
  ["  a Int @default(autoincrement())", /^3:9 @default\(autoincrement\(\)\) counts rows: .*_offset/],
  ['  a Int @default(dbgenerated("1"))', /^3:9 @default\(dbgenerated\(\)\) is an expression of another database/],
  ["  a Int @default(magic())", "3:9 @default(magic()) is not known: write the value itself"],
  ["  a Int @default", "3:9 @default needs a value, as in @default(0)"],
  ['  a Int @default("1")', "3:9 @default must be a number, without quotes"],
  ["  a Int @default(1.5)", /^3:3 M\.a: its default 1\.5 does not fit int32/],
  ["  a Int[] @default(1)", "3:11 @default of a list is a list, as in @default([])"],
  ["  a Int? @default(1)", /^3:10 a has both \? and @default/],
  ["  a Kind @default(VEIW)", '3:10 @default(VEIW) is not a value of the enum: did you mean "VIEW"?'],
  ["  a Int @id", "3:9 M has @id twice: name both fields in @@id([…]) instead"],
  ["  a Int @unique", "3:9 @unique cannot be kept by a stream of events: remove it"],
  ["  a DateTime @updatedAt", /^3:14 @updatedAt would have the server set a time/],
  ["  a Int @defualt(1)", '3:9 @defualt is not known for a field: did you mean "@default"?'],
  ["  a Int @default(1) @default(2)", "3:21 @default stands here twice: remove one"],
  ["  a Int @map(b)", '3:9 @map needs a name in quotes, as in @map("page_url")'],
  ['  a Int @map("b-c")', /^3:3 M\.b-c: "b-c" is not a name/],
  ["  k Int", "3:3 M has the field k twice: remove or rename one"],
  ["  _offset Int", '3:3 "_offset" cannot stand here'],
  ["  a User", /^3:5 a is a relation to User, and an event stands alone: .*@ignore$/],
  ["  a User @relation(fields: [k], references: [id])", /^3:10 a is a relation to User/],
  ['  a Address @default("x")', /^3:13 @default is not known for an object/],
  ["  a Address @id", /^3:13 M has @id twice/],
  ["  a Kind @db.SmallInt", /^3:10 @db\.SmallInt is not known for a field/],
  ["  a Kind /// @moose.type uint8", "3:14 @moose.type is for scalars, and Kind is none: remove it"],
  ["  a Loop", "15:8 Loop would stand inside itself, without an end: use Json for this"],
  ["  @@index([k])", /^3:3 @@index has no counterpart.*@@id$/],
  ["  @@unique([k])", "3:3 @@unique cannot be kept by a stream of events: remove it"],
  ["  @@id([k])", "3:3 M has both @id and @@id: remove one"],
  ["  @@id([k(sort: Desc)])", "3:3 M has both @id and @@id: remove one"],
  ['  @@mop("x")', '3:3 @@mop is not known for a model: did you mean "@@map"?'],
])("%s", (line, expected) => {
  const others =
    "enum Kind {\n  VIEW\n}\nmodel User {\n  id Int @id\n}\ntype Address {\n  city String\n}\ntype Loop {\n  next Loop?\n}\n";
  expect(mistakeIn(inModel(line) + others)).toEqual(
    typeof expected === "string" ? expected : expect.stringMatching(expected),
  );
});

test.each([
  ["  a Int /// @moose.typ uint16", '3:13 @moose.typ is not known: did you mean "type"?'],
  ["  a Int /// @moose.colour red", /^3:13 @moose\.colour is not known: known for this: type, key, /],
  ["  a Int /// @moose.type", "3:13 @moose.type needs a value, as in @moose.type uint16"],
  ["  a Int /// @moose.type uint15", '3:13 @moose.type uint15 is not possible here: did you mean "uint16"?'],
  ["  a String /// @moose.type uint16", /^3:16 @moose\.type uint16 is not possible here: a String may be string, /],
  ["  a DateTime /// @moose.type dateTime64(3", /^3:18 @moose\.type dateTime64\(3 is not possible here/],
  ["  a Int /// @moose.type uint16(3)", "3:13 uint16 takes nothing in brackets"],
  ["  a Int /// @moose.key yes", "3:13 @moose.key takes no value: remove what follows it"],
  ["  a Int /// @moose", '3:13 "@moose" is not an annotation: write it as in @moose.version 2.0'],
  ["  a Int /// @Moose.key", /^3:13 "@Moose\.key" is not an annotation/],
  ["  a Int /// @moose.version 2.0", "3:13 @moose.version is for a model, not for a field: move it above a model"],
  ["  a Int /// @moose.pattern ^a$", "3:13 @moose.pattern has no meaning for int32: remove it"],
  ["  a String /// @moose.format mail", /^3:3 M\.a: .*mail/],
  ["  a String /// @moose.pattern (", /^3:3 M\.a: /],
  ["  a String /// @moose.type fixedString", /^3:3 M\.a: /],
  ["  a Int /// @moose.max high", "3:13 @moose.max needs a number, not high"],
  ["  a Boolean /// @moose.max 1", "3:17 @moose.max has no meaning for boolean: remove it"],
  ["  a Int /// @moose.max 99999999999", /^3:3 M\.a: a bound of 99999999999 is outside int32/],
  ['  a Int /// @moose.codec "Delta', /^3:13 The text of @moose\.codec does not end/],
  ["  a Int /// @moose.lowCardinality", /^3:3 M\.a: has @moose\.lowCardinality, which is for strings/],
  ["  /// @moose.key\n  /// @moose.key\n  a Int", "4:7 @moose.key stands here twice: remove one"],
  ["  /// @moose.key\n\n  a Int", "3:7 This stands above nothing: move it to the line above a model or a field"],
])("%s", (line, expected) => {
  expect(mistakeIn(inModel(line))).toEqual(typeof expected === "string" ? expected : expect.stringMatching(expected));
});

test.each([
  ["version 2.x", /^1:5 M: version "2\.x" is not made of digits and dots/],
  ["extra keep-all", /^1:5 M: extra is "keep-all"/],
  ["partitionKey orgin", '1:5 M has no field orgin: did you mean "origin"?'],
  ["orderBy origin; k", "1:5 @moose.orderBy needs names with commas between them, not origin; k"],
  ["orderBy origin, seen", "1:5 M has no field seen: its fields are k, origin"],
  ["flush lines=3", "1:5 @moose.flush has no lines: it knows rows, bytes and ms"],
  ["flush 3", "1:5 @moose.flush needs numbers by name, as in rows=10000, not 3"],
  ["flush rows=0", /^1:5 M: flush\.rows is 0/],
  ["quarantine yes", /^1:5 M: quarantine is "yes": choose true or false/],
  ["lowCardinality", "1:5 @moose.lowCardinality is for a field, not for a model: move it above a field"],
])("model: @moose.%s", (annotation, expected) => {
  const mistake = mistakeIn(`/// @moose.${annotation}\nmodel M {\n  k Int @id\n  origin String\n}\n`);
  expect(mistake).toEqual(typeof expected === "string" ? expected : expect.stringMatching(expected));
});

test.each([
  ["model M {\n}\n", "1:7 M: has no fields: add at least one"],
  ["view V {\n  a Int\n}\n", /^1:6 V is a view.*@@ignore$/],
  ["enum E {\n}\n", "1:6 The enum E has no values: add one"],
  ['enum E {\n  A\n  B @map("A")\n}\n', '3:3 The enum E has "A" twice: remove or rename one'],
  ["enum E {\n  A /// @moose.number 1\n  B\n}\n", "3:3 Give each value of E its @moose.number, or none"],
  ["enum E {\n  A /// @moose.number 1.5\n}\n", "2:9 @moose.number needs a whole number from -32768 to 32767"],
  ["/// @moose.number 1\nenum E {\n  A\n}\n", /^1:5 @moose\.number is for an enum's value, not for an enum/],
  [
    "enum E {\n  A\n}\nmodel E {\n  a Int\n}\n",
    /^4:7 E is defined twice: the other one stands at models\/schema\.prisma:1:6/,
  ],
  ["model M {\n  a Int?\n  @@id([a])\n}\n", /^2:3 M\.a: is optional, and ClickHouse cannot order by NULL: remove "\?"/],
  ["model M {\n  a Int\n  @@id([b])\n}\n", '3:3 M has no field b: did you mean "a"?'],
  ["model M {\n  a Int\n  @@id([a(sort: Desc)])\n}\n", /^3:3 @@id needs the names of fields alone/],
  ["model M {\n  a Int\n  @@id([a], length: 3)\n}\n", /^3:3 @id has "length:", which has no counterpart/],
])("%j", (text, expected) => {
  expect(mistakeIn(text)).toEqual(typeof expected === "string" ? expected : expect.stringMatching(expected));
});
