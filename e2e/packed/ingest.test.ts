// @moose/ingest as it is published: what checkers of packages say, fresh Node scripts of both kinds, and the first example of its README.
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { model, modelSpec, t } from "@moose/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type IngestServer, startIngestServer } from "../bodies/start-ingest-server.ts";
import { createFreshProject, type FreshProject } from "./fresh-project.ts";

const run = promisify(execFile);
const bin = (name: string): string => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));
const readme = fileURLToPath(new URL("../../sdks/ingest-typescript/README.md", import.meta.url));

const Click = model("Click", { at: t.dateTime64(3).key(), page: t.string() });
/** In every script, whatever its kind. */
const sendOne = `
const Click = model("Click", { at: t.dateTime64(3).key(), page: t.string() });
async function main() {
  const ingest = createIngest({ url: process.env.MOOSE_URL, models: [Click], queue: process.env.QUEUE ? fileQueue(process.env.QUEUE) : undefined });
  await ingest.send(Click, { at: new Date(0), page: process.env.PAGE });
  const refused = await ingest.send(Click, { at: new Date(0), page: 1 }).catch((error) => error);
  if (!isIngestError(refused) || refused.errors[0].path !== "/page") throw refused;
  const { position } = await ingest.flush();
  await ingest.close();
  console.log(position);
}
main();
`;

let project: FreshProject;
let server: IngestServer;

beforeAll(async () => {
  const models = [modelSpec(Click)];
  [project, server] = await Promise.all([
    createFreshProject(["core-wasm", "sdks/ingest-typescript"]),
    startIngestServer({ models, maxBodyBytes: 1024 * 1024 }),
  ]);
}, 240_000);
afterAll(async () => {
  await server?.close();
  await project?.remove();
});

const pages = async () => (await server.rows("Click.1.0")).map((row) => JSON.parse(row).page as string);

describe("the tarballs", () => {
  it("have nothing that publint objects to", async () => {
    for (const tarball of project.tarballs) {
      const { stdout } = await run(bin("publint"), ["run", "--strict", tarball]);
      expect(stdout).toContain("All good!");
    }
  }, 60_000);

  it("have types that are right for ESM, CJS and bundlers", async () => {
    for (const tarball of project.tarballs) {
      // The module is no JavaScript, and Moose asks for resolution by "exports".
      const options = ["--profile", "node16", "--exclude-entrypoints", "core.wasm", "--format", "ascii", "--no-emoji"];
      // It exits with 1 when anything is wrong.
      const { stdout } = await run(bin("attw"), [tarball, ...options]);
      expect(stdout).toMatch(/node16 \(from CJS\): OK \(CJS\)\s+node16 \(from ESM\): OK \(ESM\)\s+bundler: OK/);
    }
  }, 120_000);

  it("hold sources and source maps, and no tests", async () => {
    const folder = join(project.folder, "node_modules/@moose/ingest");
    const files = await readdir(folder, { recursive: true });
    expect(files).toContain(join("dist", "core.wasm"));
    expect(files.filter((file) => /(^|\/)test-|\.test\.|conformance/.test(file))).toEqual([]);
    for (const file of files.filter((name) => /^dist\/.*\.c?js$/.test(name))) {
      expect(files).toContain(`${file}.map`);
      expect(await readFile(join(folder, file), "utf8")).toContain(
        `sourceMappingURL=${file.slice("dist/".length)}.map`,
      );
    }
    expect(files).toContain(join("src", "index.ts"));
  });
});

describe("a fresh project in Node", () => {
  it("sends from an ES module", async () => {
    await project.write(
      "send.mjs",
      `import { createIngest, isIngestError } from "@moose/ingest";
import { fileQueue } from "@moose/ingest/node";
import { model, t } from "@moose/core";${sendOne}`,
    );
    const printed = await project.node("send.mjs", { MOOSE_URL: server.url, PAGE: "esm" });
    expect(printed).toMatch(/^p1\./);
    expect(await pages()).toContain("esm");
  });

  it("sends from a CommonJS script, with a queue in a file", async () => {
    await project.write(
      "send.cjs",
      `const { createIngest, isIngestError } = require("@moose/ingest");
const { fileQueue } = require("@moose/ingest/node");
const { model, t } = require("@moose/core");${sendOne}`,
    );
    const env = { MOOSE_URL: server.url, PAGE: "cjs", QUEUE: join(project.folder, "queue") };
    // Without what makes require() of ES modules work: the CommonJS build is one.
    await project.node("send.cjs", { ...env, NODE_OPTIONS: "--no-experimental-require-module" });
    expect(await pages()).toContain("cjs");
  });

  it("knows errors of the other kind's copy of the package", async () => {
    await project.write(
      "both.mjs",
      `import { createRequire } from "node:module";
import { isIngestError } from "@moose/ingest";
const { IngestError } = createRequire(import.meta.url)("@moose/ingest");
console.log(isIngestError(new IngestError("closed", "")));`,
    );
    expect(await project.node("both.mjs")).toBe("true\n");
  });

  it("runs the first example of the README as it stands", async () => {
    const text = await readFile(readme, "utf8");
    const example = /```js\n([\s\S]*?)```/.exec(text)?.[1];
    expect(example).toContain("createIngest");
    await project.write("example.mjs", example!);
    const printed = await project.node("example.mjs", { MOOSE_URL: server.url });
    expect(printed).toMatch(/stored, at position p1\./);
    expect(await pages()).toContain("/pricing");
  });
});
