// A file that is saved while the project is being loaded: only what stands in it in the end counts.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadSettled } from "./load-settled.ts";

let dir: string;
let file: string;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "moose settled ")));
  mkdirSync(join(dir, "models"));
  file = join(dir, "models", "flight.ts");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const flight = (name: string): string =>
  `import { model, t } from "@moose/core";\nexport const Flight = model("${name}", { at: t.dateTime().key() });\n`;

/** Its own evaluation saves the next text: the load that read this one is out of date when it ends. */
const savingWhileLoaded = (next: string, rest: string): string =>
  `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(file)}, ${JSON.stringify(next)});\n${rest}`;

test("half of a save is neither a project without its models nor a mistake", async () => {
  writeFileSync(file, savingWhileLoaded(flight("Saved"), ""));
  expect((await loadSettled(dir, [file])).manifest.models.map(({ name }) => name)).toEqual(["Saved"]);
  writeFileSync(file, savingWhileLoaded(flight("Mended"), 'throw new Error("half");'));
  expect((await loadSettled(dir, [file])).manifest.models.map(({ name }) => name)).toEqual(["Mended"]);
});

test("a file that never settles is loaded as it is", async () => {
  writeFileSync(
    file,
    `import { appendFileSync } from "node:fs";\nappendFileSync(${JSON.stringify(file)}, "// again\\n");\n${flight("Restless")}`,
  );
  expect((await loadSettled(dir, [file])).manifest.models.map(({ name }) => name)).toEqual(["Restless"]);
});
