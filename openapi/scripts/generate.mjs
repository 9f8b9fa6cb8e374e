// Lints and bundles the contract, and writes what src imports: the document and its types. `--check` fails when the committed files differ.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTypescript, { astToString } from "openapi-typescript";
import { redocly } from "./redocly.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const check = process.argv.includes("--check");
const folder = mkdtempSync(join(tmpdir(), "moose-openapi-"));

try {
  const bundle = join(folder, "openapi.json");
  redocly(["lint", join(root, "source/openapi.yaml"), "--format", "stylish"]);
  redocly(["bundle", join(root, "source/openapi.yaml"), "--output", bundle]);
  const document = JSON.parse(readFileSync(bundle, "utf8"));
  const header = "// Written by scripts/generate.mjs from source/: do not edit.\n";
  write(
    "contract.generated.ts",
    `${header}import type { OpenApiDocument } from "../open-api-document.ts";\n\nexport const contract: OpenApiDocument = ${JSON.stringify(document, null, 2)};\n`,
  );
  write("types.generated.ts", `${header}${astToString(await openapiTypescript(document))}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function write(name, text) {
  const path = join(root, "src/generated", name);
  if (!check) return writeFileSync(path, text);
  const committed = readFileSync(path, "utf8");
  if (committed !== text) {
    console.error(
      `openapi/src/generated/${name} is not what source/ says. Run: pnpm --filter @moose/openapi run generate`,
    );
    process.exitCode = 1;
  }
}
