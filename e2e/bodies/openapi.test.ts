// `/openapi.json` of a running server describes its models and aggregations, and passes the strict lint of the contract.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aggregation, aggregationSpec, avg, count, max, model, modelSpec, t, time } from "@moose/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { redocly } from "../../openapi/scripts/redocly.mjs";
import { type IngestServer, startIngestServer } from "./start-ingest-server.ts";

const Flight = model("Flight", {
  seenAt: t.dateTime64(3).key().describe("When the flight was reported"),
  origin: t.string().lowCardinality(),
  delay: t.int16(),
  id: t.uint64(),
  state: t.enum(["landed", "flying"]),
  tags: t.array(t.string()).optional(),
  carrier: t.string().default("unknown"),
});
const FlightsByMinute = aggregation("FlightsByMinute", {
  from: Flight,
  dimensions: { minute: time("seenAt", "minute"), origin: "origin" },
  measures: { flights: count(), averageDelay: avg("delay"), maxDelay: max("delay") },
});

let server: IngestServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "moose-openapi-e2e-"));
  server = await startIngestServer({
    models: [modelSpec(Flight)],
    aggregations: [aggregationSpec(FlightsByMinute)],
    maxBodyBytes: 1024,
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

it("lints", async () => {
  const text = await (await fetch(`${server.url}/openapi.json`)).text();
  const path = join(folder, "openapi.json");
  writeFileSync(path, text);
  expect(() => redocly(["lint", path])).not.toThrow();
  const { paths, components } = JSON.parse(text) as { paths: object; components: { schemas: Record<string, object> } };
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(["/ingest/Flight", "/ingest/Flight/1.0", "/query/FlightsByMinute"]),
  );
  expect(components.schemas.Flight).toHaveProperty("properties.seenAt.description", "When the flight was reported");
});

it("has a catalog with the lineage of the same project", async () => {
  const catalog = (await (await fetch(`${server.url}/catalog`)).json()) as {
    lineage: unknown[];
    models: { name: string }[];
  };
  expect(catalog.models.map((one) => one.name)).toEqual(["Flight"]);
  expect(catalog.lineage).toContainEqual({ from: "table:Flight", to: "view:FlightsByMinute_view" });
});
