// Schemas with random edits: models or a mistake inside the file come of them, never another error.
import fc from "fast-check";
import { expect, test } from "vitest";
import { mapSchema } from "./map-schema.ts";
import { parseSchema } from "./parse-schema.ts";
import { SchemaMistake } from "./schema-mistake.ts";

const schema = `/// Pages.
/// @moose.version 2.0
/// @moose.flush rows=10 ms=5
model PageView {
  at DateTime @db.Timestamp(3)
  kind Kind @default(VIEW) // plain
  size Int[] @default([1, -2]) @db.SmallInt
  home Address?
  price Decimal? @db.Decimal(10, 2) /// @moose.max 9.5
  note String @default("a \\"b\\"") @map("remark") /// @moose.type fixedString(4)
  user User @relation(fields: [kind], references: [id]) @ignore

  @@id([kind, at(sort: Desc)], map: "x")
}
enum Kind {
  CLICK @map("click")
  VIEW /// @moose.number 2
}
type Address {
  city String
}
model User {
  id Int @id @default(autoincrement())
  @@ignore
}
`;

const pieces = [
  ...'{}[]()@?,:.="/\\\n\r\t 0-é\uFEFF',
  "@@",
  "///",
  "/// @moose.",
  "model ",
  "enum",
  "null",
  "Unsupported(",
  "1e400",
  "__proto__",
];

test("random edits", () => {
  const edit = fc.record({
    at: fc.nat(schema.length),
    remove: fc.nat(12),
    insert: fc.oneof(fc.constantFrom(...pieces), fc.constant("")),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
      let text = schema;
      for (const { at, remove, insert } of edits) text = text.slice(0, at) + insert + text.slice(at + remove);
      try {
        mapSchema([parseSchema(text, "models/schema.prisma")]);
      } catch (error) {
        if (!(error instanceof SchemaMistake)) throw error;
        const { line, column, length } = error.place;
        const lines = text.split(/\r?\n/);
        expect(line).toBeGreaterThan(0);
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
        expect(length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 1_000 },
  );
});
