// The checks bite: each finds what is planted in a tree of its own, and lets pass what is right.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "moose-checks-"));
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

function plant(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  }
}

describe("the layers", () => {
  /** From the top down, as ARCHITECTURE.md draws them. */
  const layers = [
    ["cli"],
    ["dev"],
    ["app"],
    ["project"],
    ["http"],
    ["ingest", "deliver", "functions", "query", "live", "migrate"],
    ["adapters"],
    ["ports"],
    ["model"],
    ["telemetry", "lib"],
  ];
  const folders = ["core-wasm/src", "openapi/src", "sdks/one/src", "sdks/two/src", "viz-components/src"];
  const libraries = ["lmdb", "chdb", "@clickhouse/client", "uWebSockets.js", "@mrleebo/prisma-ast"];

  it("refuse every import upwards, sideways, round and past an adapter; allow the others", () => {
    const all = layers.flat();
    plant(
      Object.fromEntries(
        [...folders, ...all.map((name) => `server/src/${name}`)].map((f) => [`${f}/it.ts`, "export const it = 1;\n"]),
      ),
    );
    plant(
      Object.fromEntries(
        ["bench", "e2e", "examples", "sdks/ingest-typescript/src"].map((f) => [`${f}/it.ts`, "export const it = 1;\n"]),
      ),
    );
    for (const name of libraries) {
      plant({
        [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", main: "index.js" }),
        [`node_modules/${name}/index.js`]: "module.exports = {};\n",
      });
    }
    const forbidden: string[] = [];
    const allowed: string[] = [];
    let count = 0;
    const tie = (list: string[], from: string, to: string, ending = ".ts") => {
      const file = `${from}/tie-${++count}${ending}`;
      const path = to.includes("/") && to.endsWith(".ts") ? `${"../".repeat(file.split("/").length - 1)}${to}` : to;
      plant({ [file]: `import "${path}";\n` });
      list.push(file);
    };

    layers.forEach((names, at) => {
      for (const from of names) {
        for (const other of all) {
          const below = layers
            .slice(at + 1)
            .flat()
            .includes(other);
          if (other === from) continue;
          tie(below ? allowed : forbidden, `server/src/${from}`, `server/src/${other}/it.ts`);
        }
      }
    });
    tie(allowed, "server/src/model", "server/src/cli/it.ts", ".test.ts");
    plant({ "server/src/adapters/one/it.ts": "export const it = 1;\n" });
    tie(forbidden, "server/src/adapters/two", "server/src/adapters/one/it.ts");
    for (const name of libraries) tie(forbidden, "server/src/deliver", name);
    tie(forbidden, "server/src/project/prisma", "@mrleebo/prisma-ast");
    plant({ "server/src/project/prisma/parse-schema.ts": 'import "@mrleebo/prisma-ast";\n' });
    allowed.push("server/src/project/prisma/parse-schema.ts");
    tie(allowed, "server/src/adapters/lmdb", "lmdb");
    tie(allowed, "server/src/adapters/chdb", "chdb");
    tie(allowed, "server/src/adapters/clickhouse", "@clickhouse/client");
    tie(allowed, "server/src/http/uws", "uWebSockets.js");

    const server = "server/src/model/it.ts";
    for (const beside of ["bench/it.ts", "e2e/it.ts", "examples/it.ts"]) {
      for (const from of [...folders, "server/src/app"]) tie(forbidden, from, beside);
    }
    for (const from of folders) tie(forbidden, from, server);
    tie(forbidden, "core-wasm/src", "openapi/src/it.ts");
    tie(forbidden, "openapi/src", "core-wasm/src/it.ts");
    tie(forbidden, "sdks/one/src", "sdks/two/src/it.ts");
    tie(forbidden, "sdks/one/src", "viz-components/src/it.ts");
    tie(forbidden, "server/src/app", "sdks/one/src/it.ts");
    tie(forbidden, "server/src/app", "viz-components/src/it.ts");
    tie(forbidden, "viz-components/src", "sdks/ingest-typescript/src/it.ts");
    tie(allowed, "viz-components/src", "sdks/one/src/it.ts");
    for (const root of ["core-wasm/src/it.ts", "openapi/src/it.ts"]) {
      tie(allowed, "sdks/one/src", root);
      tie(allowed, "server/src/app", root);
    }
    tie(forbidden, "server/src/model", "./is-nowhere.ts");
    // A circle of types alone counts.
    plant({
      "server/src/model/egg.ts": 'import type { Hen } from "./hen.ts";\nexport type Egg = Hen[];\n',
      "server/src/model/hen.ts": 'import type { Egg } from "./egg.ts";\nexport type Hen = { egg: Egg };\n',
    });
    forbidden.push("server/src/model/egg.ts");

    for (const file of [".dependency-cruiser.cjs", "tsconfig.base.json"])
      copyFileSync(join(root, file), join(tree, file));
    const run = spawnSync(
      join(root, "node_modules/.bin/depcruise"),
      [
        "--config",
        ".dependency-cruiser.cjs",
        "--output-type",
        "json",
        "core-wasm",
        "openapi",
        "sdks",
        "server",
        "viz-components",
      ],
      { cwd: tree, encoding: "utf8", maxBuffer: 1 << 26 },
    );
    expect(run.stderr).toBe("");
    const { summary } = JSON.parse(run.stdout) as {
      summary: {
        violations: { from: string; rule: { name: string } }[];
        ruleSetUsed: { forbidden: { name: string }[] };
      };
    };
    const caught = new Set(summary.violations.map(({ from }) => from));
    expect(forbidden.filter((file) => !caught.has(file))).toEqual([]);
    expect(allowed.filter((file) => caught.has(file))).toEqual([]);
    // The rule for the top layer would be empty; every other rule has caught something.
    const used = new Set(summary.violations.map(({ rule }) => rule.name));
    expect(summary.ruleSetUsed.forbidden.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });
});

/** Runs a check of this folder in the planted tree. */
function check(script: string): { status: number | null; output: string } {
  mkdirSync(join(tree, "scripts"), { recursive: true });
  spawnSync("git", ["init", "-q"], { cwd: tree });
  spawnSync("git", ["add", "-A"], { cwd: tree });
  return run(script);
}

function run(script: string): { status: number | null; output: string } {
  copyFileSync(join(root, "scripts", script), join(tree, "scripts", script));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join("scripts", script)], {
    cwd: tree,
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

describe("the house rules", () => {
  it.each([
    ["src/Camel.ts", "// A file.\n", "kebab-case"],
    ["src/utils.ts", "// A file.\n", "says nothing about its contents"],
    ["src/long.ts", `// A file.\n${"\n".repeat(400)}`, "the limit is 400"],
    ["src/silent.ts", "export const it = 1;\n", "the first line"],
    ["src/bare.ts", '// A file.\nimport { it } from "./it";\n', "the ending of its file"],
    ["server/src/raw.ts", '// A file.\nsession.insert("rows");\n', "raw or inline insert"],
  ])("refuse %s", (file, text, reason) => {
    plant({ [file]: text });
    const { status, output } = check("check-names.mjs");
    expect(output).toContain(`${file}: `);
    expect(output).toContain(reason);
    expect(status).toBe(1);
  });

  it("let a good file pass", () => {
    plant({ "src/good-file.ts": '// A file.\nimport { it } from "./it.ts";\nexport { it };\n' });
    expect(check("check-names.mjs")).toMatchObject({ status: 0 });
  });
});

describe("the documents", () => {
  it.each([
    ["a path that is gone", "Read `src/gone.ts`.", "src/gone.ts does not exist"],
    ["a link that leads nowhere", "Read [this](src/gone.ts).", "leads nowhere"],
    ["somebody's machine", `Run it in /${"home"}/ann/moose.`, "somebody's machine"],
    ["a registry", `From registry.${"npmjs"}.org.`, "registry's host"],
  ])("may not name %s", (_, text, reason) => {
    plant({ "README.md": text, "src/here.ts": "" });
    const { status, output } = check("check-docs.mjs");
    expect(output).toContain(reason);
    expect(status).toBe(1);
  });

  it("may not name what is removed but not committed yet, and the check does not stumble over it", () => {
    plant({ "README.md": "Read `src/gone.ts`.", "src/gone.ts": "// A file.\n", "src/here.ts": "// A file.\n" });
    expect(check("check-docs.mjs")).toMatchObject({ status: 0 });
    rmSync(join(tree, "src/gone.ts"));
    expect(run("check-docs.mjs").output).toContain("src/gone.ts does not exist");
    expect(run("check-names.mjs").output).not.toContain("ENOENT");
  });

  it("may name what is there", () => {
    plant({ "README.md": "Read `src/here.ts` and [this](src/here.ts#top).", "src/here.ts": "" });
    expect(check("check-docs.mjs")).toMatchObject({ status: 0 });
  });
});
