// `models.json` of the conformance set is what the compiler makes of its models.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { modelsFile } from "./test-conformance-models.ts";

it("holds the compiled programs of the models", async () => {
  const file = readFileSync(new URL("../../../conformance/models.json", import.meta.url), "utf8");
  expect(JSON.parse(file)).toEqual(await modelsFile());
});
