// `moose generate sdk --lang typescript`: stable, the same of a folder and of a server, right types, and a client that works.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleCli, runCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { ContractProject } from "./contract-project.ts";

/** Below e2e, so that the packages of the workspace are found as an app finds them. */
const cache = fileURLToPath(new URL("../node_modules/.cache/", import.meta.url));
const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
/** A whole compiler run on a machine that is busy. */
const COMPILE_LIMIT_MS = 180_000;
const base = fileURLToPath(new URL("../../tsconfig.base.json", import.meta.url));

const project = new ContractProject();
let cli: NodeBundle;
let url: string;
let folder: string;

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "generated-"));
  cli = await bundleCli();
  url = await project.serve(cli);
});
afterAll(async () => {
  await project.close();
  cli?.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function generate(out: string, ...more: readonly string[]): Promise<readonly string[]> {
  const running = runCli(cli, [
    "generate",
    "sdk",
    "--lang",
    "typescript",
    "--out",
    join(folder, out),
    "--json",
    ...more,
  ]);
  const code = await running.exitCode;
  expect(code, running.output()).toBe(0);
  return (JSON.parse(running.output()) as { written: string[] }).written;
}

const textsIn = (name: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(folder, name)).map((file) => [file, readFileSync(join(folder, name, file), "utf8")]),
  );

describe("moose generate sdk --lang typescript", () => {
  it(
    "writes the same of the project's folder and of its server, and nothing the second time",
    async () => {
      const files = ["aggregations.ts", "api.ts", "consumption.ts", "events.ts", "ingest.ts", "models.ts"];
      expect([...(await generate("sdk", project.dir))].sort()).toEqual(files);
      expect([...(await generate("of-server", "--url", url))].sort()).toEqual(files);
      expect(textsIn("of-server")).toEqual(textsIn("sdk"));
      expect(await generate("sdk", project.dir)).toEqual([]);
    },
    COMPILE_LIMIT_MS,
  );

  it(
    "lets only what fits compile",
    () => {
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({ extends: base, compilerOptions: strict, files: ["app.ts"] }),
      );
      writeFileSync(join(folder, "app.ts"), app);
      const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", folder], {
        cwd: folder,
        encoding: "utf8",
        timeout: COMPILE_LIMIT_MS,
      });
      expect(stdout).toBe("");
      expect(status).toBe(0);
    },
    COMPILE_LIMIT_MS,
  );

  it(
    "is held by a check that can fail",
    () => {
      const mistakes = app.replaceAll(/^ *\/\/ @ts-expect-error.*\n/gm, "");
      writeFileSync(join(folder, "app.ts"), mistakes);
      const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], {
        cwd: folder,
        encoding: "utf8",
        timeout: COMPILE_LIMIT_MS,
      });
      const expected = app.match(/@ts-expect-error/g)!.length;
      expect(new Set(stdout.match(/^app\.ts\(\d+/gm)).size, stdout).toBe(expected);
    },
    COMPILE_LIMIT_MS,
  );

  it(
    "sends events and reads them back",
    async () => {
      const ingestEntry = join(folder, "sdk", "ingest.ts");
      const consumptionEntry = join(folder, "sdk", "consumption.ts");
      const { createIngest, Flight } = await import(/* @vite-ignore */ ingestEntry);
      const { createConsumption, FlightsByMinute } = await import(/* @vite-ignore */ consumptionEntry);
      const ingest = createIngest({ url });
      const seenAt = new Date(Date.UTC(2026, 0, 31, 8));
      const id = "0199f2a4-5b7c-7d3e-8f10-2a4b6c8d0e1f";
      await ingest.send(Flight, { seenAt, origin: "SFO", destination: "JFK", delay: 12, state: "landed", id });
      await expect(
        ingest.send("Flight", { seenAt, origin: "SFO", destination: "nowhere", delay: 12, state: "landed", id }),
      ).rejects.toMatchObject({ code: "validation_failed" });
      const { position } = await ingest.flush();
      await ingest.close();
      const moose = createConsumption({ url });
      const { rows } = await moose.query(FlightsByMinute, { dimensions: ["origin"] }, { after: position });
      await moose.close();
      expect(rows).toEqual([{ origin: "SFO", flights: 1n, averageDelay: 12, maxDelay: 12, totalDelay: 12n }]);
    },
    COMPILE_LIMIT_MS,
  );
});

const strict = { noEmit: true, lib: ["ESNext", "DOM", "DOM.Iterable"], types: [] };

const app = `import type { components, paths } from "./sdk/api.js";
import { createConsumption, FlightsByMinute } from "./sdk/consumption.js";
import { createIngest, Everything, Flight, type FlightEvent } from "./sdk/ingest.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_T extends true>(): void => {};

const flight: FlightEvent = {
  seenAt: new Date(),
  origin: "SFO",
  destination: "JFK",
  delay: 12,
  state: "landed",
  id: "0199f2a4-5b7c-7d3e-8f10-2a4b6c8d0e1f",
  place: { latitude: 1.5 },
};

export async function send(): Promise<void> {
  const ingest = createIngest({ url: "http://127.0.0.1:4000" });
  await ingest.send(Flight, flight);
  await ingest.send("Flight", { ...flight, seenAt: "2026-01-31T08:00:00Z", tags: ["a"], crew: { pilots: 2 }, cancelled: true });
  await ingest.sendMany(Flight, [flight, { ...flight, tags: null }]);
  type Wide = NonNullable<Parameters<typeof ingest.send<typeof Everything>>[1]>["wide"];
  holds<Equal<Wide, number | bigint | string>>();
  // @ts-expect-error a wrong field
  await ingest.send(Flight, { ...flight, orign: "SFO" });
  // @ts-expect-error a wrong type
  await ingest.send(Flight, { ...flight, delay: "late" });
  // @ts-expect-error not one of the enum's names
  await ingest.send(Flight, { ...flight, state: "gone" });
  // @ts-expect-error fields are missing
  await ingest.send(Flight, { origin: "SFO" });
  // @ts-expect-error a wrong field of an object
  await ingest.send(Flight, { ...flight, place: { latitude: 1, lattitude: 1 } });
  // @ts-expect-error an unknown model
  await ingest.send("Fligth", flight);
  // @ts-expect-error the event of another model
  await ingest.send("LooseWords", flight);
}

export async function read(): Promise<void> {
  const moose = createConsumption({ url: "http://127.0.0.1:4000" });
  const { rows } = await moose.query(FlightsByMinute, { dimensions: ["minute", "state"], measures: ["flights", "averageDelay", "maxDelay"] });
  holds<
    Equal<
      (typeof rows)[number],
      { minute: string; state: "landed" | "flying" | "lost"; flights: bigint; averageDelay: number; maxDelay: number }
    >
  >();
  // @ts-expect-error an unknown dimension
  await moose.query(FlightsByMinute, { dimensions: ["hour"] });
  // @ts-expect-error a filter of another type
  await moose.query(FlightsByMinute, { filters: { origin: 5 } });
}

export type Body = paths["/ingest/Flight"]["post"]["requestBody"]["content"]["application/json"];
holds<Equal<components["schemas"]["Flight"]["seenAt"], string>>();
// @ts-expect-error an unknown model
export type Unknown = paths["/ingest/Fligth"];
`;
