// Loading projects from real folders: good ones, and each kind of mistake with its place.
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MooseError } from "../model/errors.ts";
import { loadProject } from "./load-project.ts";

let dir: string;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "moose project ")));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

const flight = `import { model, t } from "@moose/core";
export const Flight = model("Flight", { seenAt: t.dateTime64(3).key(), origin: t.string() });
`;

const byOrigin = `import { aggregation, count } from "@moose/core";
import { Flight } from "../models/flight.ts";
export const ByOrigin = aggregation("ByOrigin", { from: Flight, dimensions: { origin: "origin" }, measures: { flights: count() } });
`;

async function failure(timeoutMs = 5_000): Promise<{ code: string; message: string } & Record<string, unknown>> {
  try {
    await loadProject(dir, { timeoutMs });
  } catch (error) {
    if (!(error instanceof MooseError)) throw error;
    return { code: error.code, message: error.message, ...error.extra };
  }
  throw new Error("the project loaded, though it has a mistake");
}

test("a project becomes a manifest, a configuration and the list of its files", async () => {
  write("models/flight.ts", flight);
  write(
    "models/nested/ping.ts",
    `import { model, t } from "@moose/core";\nexport default model("Ping", { at: t.dateTime().key() });`,
  );
  write("models/index.ts", `export * from "./flight.ts";`);
  write("models/ignored.test.ts", "throw new Error('tests are not part of the project');");
  write("aggregations/by-origin.ts", byOrigin);
  write(
    "moose.config.ts",
    `import { defineConfig } from "@moose/server";\nexport default defineConfig({ http: { port: 0 } });`,
  );
  const project = await loadProject(dir);
  expect(project.manifest.models.map(({ name, version }) => [name, version])).toEqual([
    ["Flight", "1.0"],
    ["Ping", "1.0"],
  ]);
  expect(project.manifest.models[0]!.fields.map(({ name, type }) => [name, type.kind])).toEqual([
    ["seenAt", "dateTime64"],
    ["origin", "string"],
  ]);
  expect(project.manifest.aggregations.map(({ name, from }) => [name, from])).toEqual([
    ["ByOrigin", { model: "Flight", version: "1.0" }],
  ]);
  expect(project.config).toEqual({ http: { port: 0 } });
  expect([...project.files].sort()).toEqual(
    [
      "aggregations/by-origin.ts",
      "models/flight.ts",
      "models/index.ts",
      "models/nested/ping.ts",
      "moose.config.ts",
    ].map((path) => join(dir, path)),
  );
});

test("a changed file is read anew, and nothing stays behind in the build folder", async () => {
  write("models/flight.ts", flight);
  await loadProject(dir);
  write("models/flight.ts", flight.replace("origin: t.string()", "origin: t.string(), carrier: t.string()"));
  const { manifest } = await loadProject(dir);
  expect(manifest.models[0]!.fields.map(({ name }) => name)).toEqual(["seenAt", "origin", "carrier"]);
  expect(readdirSync(join(dir, ".moose", "build"))).toEqual([]);
});

test("the example of this repository loads", async () => {
  const { manifest } = await loadProject(fileURLToPath(new URL("../../../examples/flights", import.meta.url)));
  expect(manifest.models.map(({ name }) => name)).toContain("Flight");
  expect(manifest.aggregations.length).toBeGreaterThan(0);
});

test("a syntax error tells its place, with the lines around it", async () => {
  write(
    "models/flight.ts",
    `import { model, t } from "@moose/core";\n\nexport const Flight = model("Flight", {\n  seenAt: t.dateTime(.key(),\n});\n`,
  );
  const error = await failure();
  expect(error).toMatchObject({ code: "project_invalid", file: "models/flight.ts", line: 4, column: 22 });
  expect(error.frame).toContain("> 4 |   seenAt: t.dateTime(.key(),\n    |                      ^");
});

test("a mistyped type names the nearest one, at its place", async () => {
  write(
    "models/flight.ts",
    `import { model, t } from "@moose/core";\nexport const Flight = model("Flight", {\n  seenAt: t.dateTime().key(),\n  origin: t.strng(),\n});\n`,
  );
  const error = await failure();
  expect(error).toMatchObject({ file: "models/flight.ts", line: 4, column: 13 });
  expect(error.message).toBe('t.strng is not a function: did you mean "string"?');
});

test("a mistyped modifier names the nearest one, and so does a mistyped import", async () => {
  write("models/flight.ts", flight.replace("t.string()", "t.string().optionl()"));
  expect((await failure()).message).toMatch(/did you mean "optional"\?$/);
  write("models/flight.ts", flight.replace("{ model, t }", "{ modle, t }").replace("model(", "modle("));
  expect(await failure()).toMatchObject({
    file: "models/flight.ts",
    line: 1,
    message: expect.stringContaining('"modle"'),
  });
});

test("a definition that cannot work points at its field", async () => {
  write(
    "models/flight.ts",
    `import { model, t } from "@moose/core";\nexport const Flight = model("Flight", {\n  seenAt: t.dateTime().key(),\n  speed: t.int8().max(1000),\n});\n`,
  );
  expect(await failure()).toMatchObject({
    file: "models/flight.ts",
    line: 4,
    column: 3,
    message: expect.stringContaining("Flight.speed"),
  });
});

test("an error that the user's own code throws points at the line that threw it", async () => {
  write("shared/airports.ts", `export function airports(): string[] {\n  throw new Error("no airports today");\n}\n`);
  write("models/flight.ts", `import { airports } from "../shared/airports.ts";\n${flight}airports();\n`);
  expect(await failure()).toMatchObject({ file: "shared/airports.ts", line: 2, message: "no airports today" });
});

test("code that does not end, or ends the process, is reported and leaves this process alone", async () => {
  write("models/flight.ts", `${flight}for (;;) {}`);
  expect((await failure(300)).message).toMatch(/did not finish loading within 0\.3 s/);
  write("models/flight.ts", `${flight}process.exit(7);`);
  expect((await failure()).message).toMatch(/process\.exit/);
});

test("a package that is not installed is named at its import", async () => {
  write("models/flight.ts", `${flight}import "left-pad-of-moose";`);
  expect(await failure()).toMatchObject({
    file: "models/flight.ts",
    line: 3,
    message: expect.stringContaining('"left-pad-of-moose"'),
  });
});

test("two models of one name are refused, and the other one is named", async () => {
  write("models/flight.ts", flight);
  write("models/other.ts", flight.replace("export const Flight", "export const Other"));
  expect(await failure()).toMatchObject({
    file: "models/other.ts",
    line: 2,
    message: expect.stringContaining("models/flight.ts"),
  });
});

test("an aggregation needs a table of its own, and a model that is exported", async () => {
  write("models/flight.ts", flight);
  write("models/plane.ts", flight.replaceAll("Flight", "Plane"));
  write("aggregations/by-origin.ts", byOrigin.replace('"ByOrigin"', '"Plane"'));
  expect((await failure()).message).toMatch(/belongs to the model Plane in models\/plane\.ts/);
  write("models/flight.ts", "export {};");
  write("shared/flight.ts", flight);
  write("aggregations/by-origin.ts", byOrigin.replace("../models", "../shared"));
  expect((await failure()).message).toMatch(/which no file under models\/ exports/);
});

test("a folder that is no project says so", async () => {
  expect((await failure()).message).toMatch(/is not a Moose project/);
});

test.each([
  ["{ htp: {} }", 'moose.config.ts: "htp" is not an option: did you mean "http"?'],
  ["{ http: { prt: 1 } }", 'moose.config.ts: "http.prt" is not an option: did you mean "port"?'],
  ["{ http: { port: '4000' } }", 'moose.config.ts: "http.port" must be a port number from 0 to 65535, not "4000"'],
  [
    "{ http: 4000 }",
    'moose.config.ts: "http" must be an object with host, port, corsOrigins, maxBodyBytes, sharePort, operators, docs, not 4000',
  ],
  ["{ clickhouse: { password: 12345 } }", 'moose.config.ts: "clickhouse.password" must be a string, not number'],
])("the configuration %s is refused", async (config, message) => {
  write("models/flight.ts", flight);
  write("moose.config.ts", `export default ${config};`);
  expect(await failure()).toMatchObject({ code: "config_invalid", file: "moose.config.ts", line: 1, message });
});
