// Projects with Prisma files: what they load as, and mistakes with their place.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MooseError } from "../../model/errors.ts";
import { loadProject } from "../load-project.ts";

let dir: string;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "moose prisma ")));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

async function failure(): Promise<{ code: string; message: string } & Record<string, unknown>> {
  try {
    await loadProject(dir);
  } catch (error) {
    if (!(error instanceof MooseError)) throw error;
    return { code: error.code, message: error.message, ...error.extra };
  }
  throw new Error("the project loaded, though it has a mistake");
}

const pageView = `/// @moose.version 2.0
model PageView {
  seenAt DateTime @id
  origin String
  kind Kind
  size Int
}
`;
const kinds = "enum Kind {\n  CLICK\n  VIEW\n}\n";
const byOrigin = `import { aggregation, avg, count, time } from "@moose/core";
export const ByOrigin = aggregation("ByOrigin", {
  from: "PageView",
  dimensions: { hour: time("seenAt", "hour"), origin: "origin" },
  measures: {
    views: count(),
    averageSize: avg("size"),
  },
});
`;

test("models, an enum of another file, a model in TypeScript and an aggregation by name become one manifest", async () => {
  write("models/schema.prisma", pageView);
  write("models/shared/kinds.prisma", kinds);
  write(
    "models/flight.ts",
    'import { model, t } from "@moose/core";\nexport const Flight = model("Flight", { at: t.dateTime().key() });\n',
  );
  write("aggregations/by-origin.ts", byOrigin);
  const { manifest, files } = await loadProject(dir);
  expect(manifest.models.map(({ name, version }) => [name, version])).toEqual([
    ["PageView", "2.0"],
    ["Flight", "1.0"],
  ]);
  expect(manifest.models[0]!.fields[2]).toEqual({
    name: "kind",
    type: { kind: "enum", values: { CLICK: 1, VIEW: 2 } },
  });
  expect(manifest.aggregations[0]!.from).toEqual({ model: "PageView", version: "2.0" });
  expect([...files].sort()).toEqual(
    ["aggregations/by-origin.ts", "models/flight.ts", "models/schema.prisma", "models/shared/kinds.prisma"].map(
      (path) => join(dir, path),
    ),
  );
});

test("a project may have Prisma files alone", async () => {
  write("models/schema.prisma", pageView + kinds);
  expect((await loadProject(dir)).manifest.models.map(({ name }) => name)).toEqual(["PageView"]);
});

test("a mistake has its file, line, column and the lines around it", async () => {
  write("models/schema.prisma", pageView.replace("size Int", "size Itn"));
  write("models/shared/kinds.prisma", kinds);
  expect(await failure()).toEqual({
    code: "project_invalid",
    message: 'Itn is not a type: did you mean "Int"?',
    file: "models/schema.prisma",
    line: 6,
    column: 8,
    frame: "  4 |   origin String\n  5 |   kind Kind\n> 6 |   size Itn\n    |        ^^^\n  7 | }\n  8 |",
  });
});

test("a model that TypeScript defines, too, is refused and both places are named", async () => {
  write("models/schema.prisma", pageView + kinds);
  write(
    "models/page-view.ts",
    'import { model, t } from "@moose/core";\nexport const PageView = model("PageView", { at: t.dateTime().key() });\n',
  );
  expect(await failure()).toMatchObject({
    code: "project_invalid",
    file: "models/page-view.ts",
    line: 2,
    column: 31,
    message: expect.stringContaining(
      "The model PageView is defined twice, as 2.0 and 1.0: the other one stands in models/schema.prisma:2:7",
    ),
  });
});

test("an aggregation is named at the Prisma model whose table it takes", async () => {
  write("models/schema.prisma", pageView + kinds);
  write("aggregations/by-origin.ts", byOrigin.replace('"ByOrigin"', '"PageView"'));
  expect((await failure()).message).toMatch(/belongs to the model PageView in models\/schema\.prisma:2:7/);
});

test.each([
  ['avg("size")', 'avg("sise")', 7, 5, /^ByOrigin\.averageSize: "sise" is not a field of PageView\. Fields: seenAt, /],
  ['avg("size")', 'avg("origin")', 7, 5, /^ByOrigin\.averageSize: avg\(\) needs a number/],
  ['origin: "origin"', 'origin: "orgin"', 4, 47, /^ByOrigin\.origin: "orgin" is not a field of PageView/],
  ['time("seenAt"', 'time("size"', 4, 17, /^ByOrigin\.hour: time\(\) needs a date or time field/],
  ["PageView", "PageVeiw", 2, 37, /^ByOrigin reads the model PageVeiw, .*did you mean "PageView"\?$/],
])("an aggregation by name: %s as %s is refused where it stands", async (right, wrong, line, column, message) => {
  write("models/schema.prisma", pageView + kinds);
  write("aggregations/by-origin.ts", byOrigin.replace(right, wrong));
  const place = { code: "project_invalid", file: "aggregations/by-origin.ts", line, column };
  expect(await failure()).toMatchObject({ ...place, message: expect.stringMatching(message) });
});
