// Lints and bundles the contracts of HTTP and of `/live`, and writes what src imports: the documents and their types. `--check` fails when the committed files differ.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTypescript, { astToString } from "openapi-typescript";
import { redocly } from "./redocly.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const check = process.argv.includes("--check");
const folder = mkdtempSync(join(tmpdir(), "moose-openapi-"));
const header = (source) => `// Written by scripts/generate.mjs from source/${source}: do not edit.\n`;

try {
  const http = bundle("openapi.yaml");
  write(
    "contract.generated.ts",
    `${header("openapi.yaml")}import type { OpenApiDocument } from "../open-api-document.ts";\n\nexport const contract: OpenApiDocument = ${JSON.stringify(http, null, 2)};\n`,
  );
  write("types.generated.ts", `${header("openapi.yaml")}${astToString(await openapiTypescript(http))}`);
  const live = bundle("asyncapi.yaml");
  write(
    "live-contract.generated.ts",
    `${header("asyncapi.yaml")}import type { AsyncApiDocument } from "../async-api-document.ts";\n\nexport const liveContract: AsyncApiDocument = ${JSON.stringify(live, null, 2)};\n`,
  );
  // Its schemas are JSON Schema as those of OpenAPI are.
  const schemas = { openapi: "3.1.0", info: live.info, paths: {}, components: { schemas: live.components.schemas } };
  const types = astToString(await openapiTypescript(schemas, { immutable: true }));
  write("live-types.generated.ts", `${header("asyncapi.yaml")}${types}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function bundle(source) {
  const path = join(root, "source", source);
  const output = join(folder, `${source}.json`);
  redocly(["lint", path, "--format", "stylish"]);
  redocly(["bundle", path, "--output", output]);
  return JSON.parse(readFileSync(output, "utf8"));
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
