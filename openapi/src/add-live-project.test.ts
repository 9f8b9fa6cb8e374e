// The contract of `/live` is valid AsyncAPI with and without a project, and says what live-protocol.ts says.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, expectTypeOf, it } from "vitest";
import { redocly } from "../scripts/redocly.mjs";
import { addLiveProject } from "./add-live-project.ts";
import { liveContract } from "./generated/live-contract.generated.ts";
import type { components } from "./generated/live-types.generated.ts";
import type { LiveClientMessage, LiveServerMessage } from "./live-protocol.ts";
import type { Project } from "./project.ts";

const project: Project = {
  models: [
    {
      name: "Flight",
      version: "1.0",
      schema: { type: "object", required: ["origin"], properties: { origin: { type: "string" } } },
    },
  ],
  aggregations: [{ name: "FlightsByMinute", from: "Flight", dimensions: [], measures: [{ name: "flights" }] }],
};
const folder = mkdtempSync(join(tmpdir(), "moose-asyncapi-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that the parser has to say; hints to newer versions of AsyncAPI apart. In a process of its own: the runner resolves its packages wrongly. */
function diagnosticsOf(document: unknown): readonly string[] {
  const script = `
    const { Parser } = require("@asyncapi/parser");
    let text = "";
    process.stdin.on("data", (part) => { text += part; }).on("end", async () => {
      const { diagnostics } = await new Parser().parse(text);
      process.stdout.write(JSON.stringify(diagnostics.filter(({ code }) => code !== "asyncapi-latest-version").map(({ message }) => message)));
    });`;
  const options = { cwd: join(import.meta.dirname, ".."), input: JSON.stringify(document), timeout: 60_000 };
  return JSON.parse(execFileSync(process.execPath, ["-e", script], { ...options, encoding: "utf8" })) as string[];
}

describe("the contract of /live", () => {
  it.each([
    ["alone", liveContract],
    ["with a project", addLiveProject(liveContract, project)],
  ])("is valid %s", (_what, document) => {
    expect(diagnosticsOf(document)).toEqual([]);
    const path = join(folder, "asyncapi.json");
    writeFileSync(path, JSON.stringify(document));
    expect(() => redocly(["lint", path])).not.toThrow();
  });

  it("is held by a parser that refuses", () => {
    expect(diagnosticsOf({ ...liveContract, channels: { live: { address: 1 } } })).not.toEqual([]);
  });

  it("names what can be subscribed to", () => {
    const { schemas } = addLiveProject(liveContract, project).components;
    expect(schemas.Subscribe).toHaveProperty("properties.query.enum", ["FlightsByMinute"]);
    expect(schemas.Subscribe).toHaveProperty("properties.stream.enum", ["Flight"]);
    expect(schemas.Events).toHaveProperty("properties.rows.items.anyOf", [{ $ref: "#/components/schemas/Flight" }]);
    expect(liveContract.components.schemas.Subscribe).not.toHaveProperty("properties.query.enum");
  });

  it("has the messages of live-protocol.ts", () => {
    type Schemas = components["schemas"];
    type FromClient = Schemas["Hello" | "Subscribe" | "Unsubscribe" | "Ping" | "Pong"];
    type FromServer = Schemas[
      | "Ready"
      | "Snapshot"
      | "Delta"
      | "Events"
      | "Resumed"
      | "Complete"
      | "LiveError"
      | "Ping"
      | "Pong"];
    expectTypeOf<FromClient>().toExtend<LiveClientMessage>();
    expectTypeOf<LiveClientMessage>().toExtend<FromClient>();
    expectTypeOf<FromServer>().toExtend<LiveServerMessage>();
    expectTypeOf<LiveServerMessage>().toExtend<FromServer>();
    expectTypeOf<Schemas["Ready"]["heartbeatMs"]>().not.toEqualTypeOf<string>();
  });
});
