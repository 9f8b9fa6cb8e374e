// The generated document is valid by the same strict rules as the contract, and says what the project says.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redocly } from "../scripts/redocly.mjs";
import { addProject, type Project } from "./add-project.ts";
import { contract } from "./generated/contract.generated.ts";

const flight: Project["models"][number] = {
  name: "Flight",
  version: "1.0",
  description: "A flight.",
  schema: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    required: ["origin"],
    properties: { origin: { type: "string" }, delay: { type: "integer", minimum: -32768, maximum: 32767 } },
    additionalProperties: false,
  },
};
const project: Project = {
  models: [flight, { ...flight, name: "FlightLeg" }, { ...flight, name: "Problem", version: "2.0-beta" }],
  aggregations: [
    {
      name: "FlightsByMinute",
      from: "Flight",
      dimensions: [{ name: "minute" }, { name: "origin", description: "Where it took off" }],
      measures: [{ name: "flights" }],
    },
  ],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "moose-openapi-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lint = (name: string, document: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(document));
  return redocly(["lint", path]);
};

describe("addProject", () => {
  it("makes a document that lints", () => {
    expect(() => lint("project.json", addProject(contract, project))).not.toThrow();
  });

  it("is held by a lint that can fail", () => {
    const { operationId: _dropped, ...post } = contract.paths["/ingest/{model}"]!.post as Record<string, unknown>;
    const broken = { ...contract, paths: { ...contract.paths, "/ingest/{model}": { post } } };
    expect(() => lint("broken.json", broken)).toThrow(/operationId|operation-operationId/);
  });

  it("adds request, array and NDJSON forms of each model and version", () => {
    const { paths } = addProject(contract, project);
    for (const path of ["/ingest/Flight", "/ingest/Flight/1.0", "/ingest/FlightLeg", "/ingest/Problem/2.0-beta"]) {
      const post = paths[path]!.post as { requestBody: { content: Record<string, unknown> }; responses: object };
      expect(Object.keys(post.requestBody.content)).toEqual(["application/json", "application/x-ndjson"]);
      expect(post.responses).toHaveProperty("207");
    }
  });

  it("keeps the contract's own schemas when a model has the same name", () => {
    const { components } = addProject(contract, project);
    expect(components!.schemas!.Problem).toEqual(contract.components!.schemas!.Problem);
    expect(components!.schemas!.Problem2).toHaveProperty("properties.origin");
  });

  it("names the columns of an aggregation", () => {
    const { paths } = addProject(contract, project);
    const text = JSON.stringify(paths["/query/FlightsByMinute"]!.get);
    expect(text).toContain('"enum":["minute","origin"]');
    expect(text).toContain('"-flights"');
    expect(text).toContain("Where it took off");
  });

  it("leaves the document that it is handed as it is", () => {
    const before = JSON.stringify(contract);
    addProject(contract, project);
    expect(JSON.stringify(contract)).toBe(before);
  });
});

describe("generated files", () => {
  it("are what the source says", () => {
    const script = join(import.meta.dirname, "../scripts/generate.mjs");
    expect(() => execFileSync(process.execPath, [script, "--check"], { stdio: "pipe", timeout: 60_000 })).not.toThrow();
  });
});
