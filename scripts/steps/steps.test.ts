// The parts of `npm start` that decide: whether Node will do, what the options mean, what a failure is explained as.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { stalePackages } from "./build.mjs";
import { nodeTooOld } from "./node-version.mjs";
import { parseStartOptions } from "./start-options.mjs";
import { StepFailure } from "./step-failure.mjs";
import { builtPackages, packageDigests, packageFolders, root } from "./workspace.mjs";

test.each(["18.20.8", "20.18.3", "12.22.12"])("Node %s is refused with a sentence", (version) => {
  expect(nodeTooOld(version)).toContain(`Moose needs Node 20.19 or later; this is Node ${version}.`);
});

test.each(["20.19.0", "22.0.0", "100.1.0"])("Node %s will do", (version) => {
  expect(nodeTooOld(version)).toBeUndefined();
});

test.each(["test.mjs", "check.mjs"])("%s looks at the Node before anything else", (script) => {
  const imports = [...readFileSync(join(root, "scripts", script), "utf8").matchAll(/^import .*$/gm)].map(
    ([line]) => line,
  );
  expect(imports[0]).toBe('import "./steps/require-node.mjs";');
});

test("options are read, and wrong ones are named", () => {
  expect(parseStartOptions(["--reset", "--rate", "2000", "--port=0", "--no-replay"])).toEqual({
    reset: true,
    rate: "2000",
    port: "0",
    "no-replay": true,
  });
  expect(() => parseStartOptions(["--rat", "1"])).toThrowError(/Unknown option '--rat'\. Known: --reset/);
  expect(() => parseStartOptions(["--rate", "fast"])).toThrowError(
    '--rate must be a whole number from 0 to 10000000, not "fast".',
  );
  expect(() => parseStartOptions(["--port", "70000"])).toThrowError(/--port must be/);
});

test.each([
  ["npm error code ENOTFOUND\nnpm error request to https://registry.example failed", /does not answer/],
  ["ERR_PNPM_ENOSPC  ENOSPC: no space left on device, write", /disk is full/],
  ["src/a.ts(1,1): error TS2304", /look at the types/],
])("a step that ends with %j says what to do", (output, advice) => {
  const failure = new StepFailure(
    "Building failed (exit code 1).",
    `${"noise\n".repeat(50)}${output}`,
    "look at the types",
  );
  expect(failure.message).toMatch(advice);
  expect(failure.message).toContain(output.split("\n").at(-1));
  expect(failure.message.split("\n").length).toBeLessThan(36);
});

test("the workspace is read as it is: every package, and digests that stay while nothing changes", () => {
  expect(packageFolders().some((folder) => folder.endsWith("core-wasm"))).toBe(true);
  expect(packageFolders().some((folder) => folder.endsWith("flights"))).toBe(true);
  expect(builtPackages().length).toBeGreaterThan(3);
  expect(packageDigests()).toEqual(packageDigests());
});

test("what changed is built again with everything that is built from it, and nothing else", () => {
  const at = mkdtempSync(join(tmpdir(), "moose-workspace-"));
  try {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(at, path)), { recursive: true });
      writeFileSync(join(at, path), text);
    };
    write("pnpm-workspace.yaml", "packages:\n  - core\n  - server\n  - examples/*\n\nother: true\n");
    write("pnpm-lock.yaml", "");
    write("tsconfig.base.json", "{}");
    const uses = { core: [], server: ["core"], "examples/flights": ["server"] } as const;
    for (const [folder, names] of Object.entries(uses)) {
      const dependencies = Object.fromEntries(names.map((name) => [name, "workspace:*"]));
      const name = folder.replace("examples/", "");
      write(`${folder}/package.json`, JSON.stringify({ name, scripts: { build: "true" }, dependencies }));
      write(`${folder}/src/index.ts`, "");
    }
    expect(stalePackages({}, at)).toEqual(["core", "server", "flights"]);
    const built = Object.fromEntries([...packageDigests(at)].map(([name, { digest }]) => [name, digest]));
    expect(stalePackages(built, at), "without dist").toEqual(["core", "server", "flights"]);
    for (const folder of Object.keys(uses)) write(`${folder}/dist/index.js`, "");
    expect(stalePackages(built, at)).toEqual([]);
    write("examples/flights/models/flight.ts", "// changed");
    expect(stalePackages(built, at)).toEqual(["flights"]);
    write("server/src/index.ts", "// changed");
    expect(stalePackages(built, at)).toEqual(["server", "flights"]);
  } finally {
    rmSync(at, { recursive: true });
  }
});
