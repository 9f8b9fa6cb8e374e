// `models.json` of the conformance set is what the compiler makes of its models; `--update` writes it anew.
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { modelsFile } from "./test-conformance-models.ts";

it("holds the compiled programs of the models", async () => {
  const path = fileURLToPath(new URL("../../../conformance/models.json", import.meta.url));
  await expect(await modelsFile()).toMatchFileSnapshot(path);
});
