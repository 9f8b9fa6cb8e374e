// The generated document is valid by the same strict rules as the contract, and says what the project says.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redocly } from "../scripts/redocly.mjs";
import { addProject } from "./add-project.ts";
import { contract } from "./generated/contract.generated.ts";
import type { Project } from "./project.ts";

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
      dimensions: [
        {
          name: "minute",
          schema: { type: "string", format: "date-time" },
          operators: ["eq", "gte", "between"],
          grains: ["minute", "hour"],
        },
        {
          name: "origin",
          description: "Where it took off",
          schema: { type: ["string", "null"] },
          operators: ["eq", "in", "like"],
        },
      ],
      measures: [{ name: "flights" }],
    },
  ],
  apis: [
    {
      name: "TopOrigins",
      description: "The busiest airports.",
      parameters: {
        day: { schema: { type: "string", format: "date" }, required: true },
        top: { schema: { type: "integer", minimum: 1, maximum: 100, default: 10 } },
      },
      columns: ["origin", "flights"],
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

  it("names what an aggregation can be filtered by, in the URL and in the body", () => {
    const { paths, components } = addProject(contract, project);
    const { parameters } = paths["/query/FlightsByMinute"]!.get as {
      parameters: { name?: string; schema?: { properties?: object; enum?: string[] } }[];
    };
    const schemaOf = (name: string) => parameters.find((parameter) => parameter.name === name)?.schema;
    expect(Object.keys(schemaOf("filters")!.properties!)).toEqual([
      ...["filter.minute", "filter.minute.eq", "filter.minute.gte", "filter.minute.between"],
      ...["filter.origin", "filter.origin.eq", "filter.origin.in", "filter.origin.like"],
    ]);
    expect(schemaOf("grain")!.enum).toEqual(["minute", "hour"]);
    const body = components!.schemas!.FlightsByMinuteQuery as { properties: { filters: { properties: object } } };
    expect(Object.keys(body.properties.filters.properties)).toEqual(["minute", "origin"]);
    expect(body).toHaveProperty("additionalProperties", false);
  });

  it("gives an API its declared parameters and columns", () => {
    const { paths, components } = addProject(contract, project);
    const { get } = paths["/query/TopOrigins"]! as { get: { parameters: { name?: string; required?: boolean }[] } };
    expect(get.parameters.map(({ name, required }) => [name, required])).toEqual([
      ["day", true],
      ["top", undefined],
      [undefined, undefined],
    ]);
    expect(components!.schemas!.TopOriginsQuery).toMatchObject({ required: ["day"], additionalProperties: false });
    expect(JSON.stringify(get)).toContain('"enum":["origin","flights"]');
  });

  it("links what was sent to the aggregations over it", () => {
    const { paths } = addProject(contract, project);
    const { responses } = paths["/ingest/Flight"]!.post as { responses: Record<string, { links?: object }> };
    expect(responses["200"]!.links).toHaveProperty("FlightsByMinute.operationId", "queryFlightsByMinute");
    expect((paths["/ingest/FlightLeg"]!.post as typeof responses).responses).not.toHaveProperty("200.links");
  });

  it("shows an event of each model, unless it would have to guess", () => {
    const { paths } = addProject(contract, project);
    const { requestBody } = paths["/ingest/Flight"]!.post as { requestBody: { content: Record<string, object> } };
    expect(requestBody.content["application/x-ndjson"]).toHaveProperty("example", '{"origin":"example"}\n');
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
