// Prisma models as specifications: every scalar, native type, attribute and annotation that can be mapped.
import { readFileSync } from "node:fs";
import { model, modelSpec, t } from "@moose/core";
import { expect, test } from "vitest";
import { modelsOf } from "./test-schema.ts";

const fieldOf = (line: string, above = "") => {
  const [spec] = modelsOf(`${enums}\nmodel M {\n  k Int @id\n  ${above}\n  ${line}\n}\n`);
  const { name: _, ...field } = spec!.fields[1]!;
  return field;
};

const enums = `enum Kind {
  CLICK
  VIEW @map("view")
}
enum Level {
  /// @moose.number -1
  LOW
  HIGH /// @moose.number 300
}`;

const kind = { kind: "enum", values: { CLICK: 1, view: 2 } };

test.each([
  ["a String", { type: { kind: "string" } }],
  ["a Boolean", { type: { kind: "boolean" } }],
  ["a Int", { type: { kind: "int32" } }],
  ["a BigInt", { type: { kind: "int64" } }],
  ["a Float", { type: { kind: "float64" } }],
  ["a DateTime", { type: { kind: "dateTime64", precision: 3 } }],
  ["a Kind", { type: kind }],
  ["a Level", { type: { kind: "enum", values: { LOW: -1, HIGH: 300 } } }],
  ["a String?", { type: { kind: "string" }, optional: true }],
  ["a Kind?", { type: kind, optional: true }],
  ["a String[]", { type: { kind: "array", element: { kind: "string" } } }],
  ["a Kind[]", { type: { kind: "array", element: kind } }],
  ["a Int[] @db.SmallInt", { type: { kind: "array", element: { kind: "int16" } } }],
])("%s", (line, expected) => {
  expect(fieldOf(line)).toEqual(expected);
});

test.each([
  ["String @db.Text", { kind: "string" }],
  ["String @db.VarChar(80)", { kind: "string", max: 80 }],
  ["String @db.VarChar", { kind: "string" }],
  ["String @db.NVarChar(Max)", { kind: "string" }],
  ["String @db.Char(3)", { kind: "string", max: 3 }],
  ["String @db.Uuid", { kind: "uuid" }],
  ["String @db.UniqueIdentifier", { kind: "uuid" }],
  ["Boolean @db.TinyInt(1)", { kind: "boolean" }],
  ["Int @db.SmallInt", { kind: "int16" }],
  ["Int @db.TinyInt", { kind: "int8" }],
  ["Int @db.MediumInt", { kind: "int32", min: -8_388_608, max: 8_388_607 }],
  ["Int @db.UnsignedInt", { kind: "uint32" }],
  ["Int @db.UnsignedMediumInt", { kind: "uint32", min: 0, max: 16_777_215 }],
  ["Int @db.UnsignedSmallInt", { kind: "uint16" }],
  ["Int @db.UnsignedTinyInt", { kind: "uint8" }],
  ["Int @db.Year", { kind: "uint16", min: 1901, max: 2155 }],
  ["BigInt @db.UnsignedBigInt", { kind: "uint64" }],
  ["Decimal @db.Decimal(10, 2)", { kind: "decimal", precision: 10, scale: 2 }],
  ["Decimal @db.Decimal(10)", { kind: "decimal", precision: 10, scale: 0 }],
  ["Float @db.Real", { kind: "float32" }],
  ["Float @db.Float(24)", { kind: "float32" }],
  ["Float @db.Float", { kind: "float64" }],
  ["DateTime @db.Date", { kind: "date" }],
  ["DateTime @db.Timestamp(6)", { kind: "dateTime64", precision: 6 }],
  ["DateTime @db.Timestamptz", { kind: "dateTime64", precision: 3 }],
  ["DateTime @db.SmallDateTime", { kind: "dateTime" }],
])("%s", (type, expected) => {
  expect(fieldOf(`a ${type}`).type).toEqual(expected);
});

test.each([
  ['String @default("a \\"b\\" \\u00e9")', 'a "b" é'],
  ["Boolean @default(true)", true],
  ["Int @default(-5)", -5],
  ["Int @default(value: 7)", 7],
  ["Float @default(-1.5)", -1.5],
  ["Float @default(1e3)", 1000],
  ["BigInt @default(9223372036854775807)", "9223372036854775807"],
  ["Decimal @db.Decimal(10, 2) @default(-1.50)", "-1.50"],
  ['DateTime @default("2026-01-01T00:00:00Z")', "2026-01-01T00:00:00Z"],
  ["Kind @default(VIEW)", "view"],
  ["Int[] @default([1, 2])", [1, 2]],
  ["String[] @default([])", []],
  ["Kind[] @default([CLICK, VIEW])", ["CLICK", "view"]],
])("%s", (type, expected) => {
  expect(fieldOf(`a ${type}`).default).toEqual(expected);
});

test.each([
  ["Int", "type uint16", { type: { kind: "uint16" } }],
  ["Int", "type int64", { type: { kind: "int64" } }],
  ["BigInt", "type uint256", { type: { kind: "uint256" } }],
  ["Decimal", "type decimal(38, 10)", { type: { kind: "decimal", precision: 38, scale: 10 } }],
  ["String", "type ipv6", { type: { kind: "ipv6" } }],
  ["String @db.Inet", "type ipv4", { type: { kind: "ipv4" } }],
  ["String", "type fixedString(2)", { type: { kind: "fixedString", length: 2 } }],
  ["String", 'pattern "^[A-Z]{3}$"', { type: { kind: "string", pattern: "^[A-Z]{3}$" } }],
  ["String", "pattern ^\\d+$", { type: { kind: "string", pattern: "^\\d+$" } }],
  ["String", "format email", { type: { kind: "string", format: "email" } }],
  ["Decimal @db.Decimal(10, 2)", "max 99.50", { type: { kind: "decimal", precision: 10, scale: 2, max: "99.50" } }],
  ["DateTime", "type date16", { type: { kind: "date16" } }],
  [
    "DateTime",
    'type dateTime64(6, "Europe/Berlin")',
    { type: { kind: "dateTime64", precision: 6, timezone: "Europe/Berlin" } },
  ],
  ["DateTime", "epoch ms", { type: { kind: "dateTime64", precision: 3, epoch: "ms" } }],
  ["String", "min 2", { type: { kind: "string", min: 2 } }],
  ["BigInt", "max 9007199254740993", { type: { kind: "int64", max: "9007199254740993" } }],
  ["Float[]", "min -0.5", { type: { kind: "array", element: { kind: "float64", min: -0.5 } } }],
  ["String", "lowCardinality", { type: { kind: "string" }, lowCardinality: true }],
  ["String", "key", { type: { kind: "string" }, key: true }],
  ["Int", 'codec "Delta, ZSTD(1)"', { type: { kind: "int32" }, codec: "Delta, ZSTD(1)" }],
  ["String", "pii hash", { type: { kind: "string" }, pii: "hash" }],
  ["Int", "codec Delta, ZSTD(1)", { type: { kind: "int32" }, codec: "Delta, ZSTD(1)" }],
])("%s with @moose.%s, above the field and behind it", (type, annotation, expected) => {
  expect(fieldOf(`a ${type}`, `/// @moose.${annotation}`)).toEqual(expected);
  expect(fieldOf(`a ${type} /// @moose.${annotation}`)).toEqual(expected);
});

test("a whole schema becomes the models that the language writes", () => {
  const schema = `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

generator client {
  provider = "prisma-client-js"
}

/// What visitors look at.
/// Two lines.
/// @moose.version 2.0
/// @moose.extra drop
/// @moose.partitionKey url
/// @moose.partitionBy "toYYYYMM(seenAt)"
/// @moose.ttl "seenAt + INTERVAL 30 DAY"
/// @moose.flush rows=10000 ms=200
/// @moose.quarantine true
model PageView {  
  seenAt DateTime
  /// Where it was, without the query.
  /// @moose.lowCardinality
  url String @map("page_url") // not for the docs
  views Int @default(1) @db.UnsignedSmallInt /// In this visit.
  user User? @relation(fields: [views], references: [id]) @ignore

  @@id([url, seenAt], map: "primary")
  @@map("page_views")
}

model User {
  id Int @id
  pages PageView[]
  @@ignore
}
`;
  const written = model(
    "page_views",
    {
      seenAt: t.dateTime64(3),
      page_url: t.string().lowCardinality().describe("Where it was, without the query."),
      views: t.uint16().default(1).describe("In this visit."),
    },
    {
      version: "2.0",
      extra: "drop",
      partitionBy: "toYYYYMM(seenAt)",
      ttl: "seenAt + INTERVAL 30 DAY",
      flush: { rows: 10_000, ms: 200 },
      quarantine: true,
      orderBy: ["page_url", "seenAt"],
      description: "What visitors look at.\nTwo lines.",
      partitionKey: "page_url",
    },
  );
  for (const text of [schema, schema.replaceAll("\n", "\r\n"), `\uFEFF${schema}`]) {
    expect(modelsOf(text)).toEqual([modelSpec(written)]);
  }
});

test("@id and @moose.key are keys, @moose.orderBy is the order after them", () => {
  const [spec] = modelsOf(
    "/// @moose.orderBy c, b\nmodel M {\n  a Int @id\n  b Int\n  c Int\n  d Int /// @moose.key\n}\n",
  );
  expect(spec!.orderBy).toEqual(["c", "b"]);
  expect(spec!.fields.filter(({ key }) => key).map(({ name }) => name)).toEqual(["a", "d"]);
});

test("the example of docs/prisma.md is the same as the one in TypeScript beside it", () => {
  const page = readFileSync(new URL("../../../../docs/prisma.md", import.meta.url), "utf8");
  const example = /```prisma\n(.+?)```/s.exec(page)![1]!;
  const PageView = model(
    "PageView",
    {
      seenAt: t.dateTime64(3),
      origin: t.string().max(100).lowCardinality(),
      kind: t.enum(["CLICK", "VIEW"]).default("VIEW"),
      duration: t.uint32().describe("Milliseconds until it was drawn."),
      price: t.decimal(10, 2).optional(),
      tags: t.array(t.string()).default([]),
    },
    { version: "2.0", partitionKey: "origin", orderBy: ["origin", "seenAt"], description: "One page, looked at once." },
  );
  expect(modelsOf(example)).toEqual([modelSpec(PageView)]);
});

test("a type block is an object, in a list, too", () => {
  const [spec] = modelsOf(`type Place {
  city String @map("town") /// Where.
  at Deep
}
type Deep {
  x Float?
}
type Point {
  x Float
  y Float @default(0)
}
model M {
  k Int @id
  from Place
  via Point[]
  note Json /// @moose.type point
  raw Json @default("{}")
}
`);
  const Point = t.object({ x: t.float64(), y: t.float64().default(0) });
  const M = model("M", {
    k: t.int32().key(),
    from: t.object({ town: t.string().describe("Where."), at: t.object({ x: t.float64().optional() }) }),
    via: t.array(Point),
    note: t.point(),
    raw: t.json().default({}),
  });
  expect(spec).toEqual(modelSpec(M));
});

test("a schema without models has none", () => {
  for (const text of ["", "\n\n", "// nothing yet", "enum Kind {\n  A\n}"]) expect(modelsOf(text)).toEqual([]);
});
