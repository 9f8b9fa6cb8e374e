// The conformance files: as the cases written by hand say, what Node's host says, and blocks that ClickHouse reads as expected.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Core } from "../host/core-interface.ts";
import { createCore } from "../host/create-core.ts";
import { valueProblem } from "../language/check-value.ts";
import { clickHouseType } from "../language/clickhouse-type.ts";
import { modelSpec } from "../language/model.ts";
import type { ModelSpec } from "../language/model-spec.ts";
import { bytesOf, type ConformanceFile, conformanceFiles, valueModel } from "./test-conformance-files.ts";
import { judge } from "./test-judge.ts";
import { rowGroups } from "./test-row-cases.ts";
import { valueGroups } from "./test-value-cases.ts";

interface ChdbSession {
  query(sql: string, format?: string): string;
  cleanup(): void;
}
const { Session } = createRequire(import.meta.url)("chdb") as { Session: new (path: string) => ChdbSession };

const committed = fileURLToPath(new URL("../../conformance/", import.meta.url));
let core: Core;
let built: Map<string, ConformanceFile>;
beforeAll(async () => {
  core = await createCore();
  built = conformanceFiles(core);
});

describe("the committed files", () => {
  const names = [...valueGroups, ...rowGroups].map((group) => group.name);

  test.each(names)(
    "%s.json is what its cases say (write anew: node core-wasm/scripts/conformance.mjs)",
    async (name) => {
      await expect(`${JSON.stringify(built.get(name), null, 1)}\n`).toMatchFileSnapshot(`${committed}${name}.json`);
    },
  );

  test("are all there, at least 150 cases, and none is left over", () => {
    expect(readdirSync(committed).sort()).toEqual(names.map((name) => `${name}.json`).sort());
    expect([...built.values()].reduce((sum, file) => sum + file.cases.length, 0)).toBeGreaterThanOrEqual(150);
  });
});

describe("Node gives what the committed files expect", () => {
  for (const name of readdirSync(committed)) {
    const file = JSON.parse(readFileSync(`${committed}${name}`, "utf8")) as ConformanceFile;
    for (const [index, one] of file.cases.entries()) {
      test(`${name}: ${one.name}`, () => {
        const { native, ...verdict } = judge(core, file.model, one);
        expect(verdict).toEqual({ schemaId: file.schemaId, program: file.program, ...one.expected });
        expect(native).toBe(file.cases[index]?.native);
      });
    }
  }
});

describe("the check of defaults, which shares no code with the core, agrees", () => {
  for (const group of valueGroups) {
    const type = group.field.spec.type;
    const optional = group.field.spec.optional === true;
    for (const [sent, , why] of group.accepts.filter(([text]) => !(optional && text === "null"))) {
      if (why === undefined)
        test(`${group.name} ${sent}`, () => expect(valueProblem(type, JSON.parse(sent))).toBeUndefined());
    }
    for (const [sent, , why] of group.refuses) {
      if (why === undefined)
        test(`${group.name} not ${sent}`, () => expect(valueProblem(type, JSON.parse(sent))).toBeDefined());
    }
  }
});

describe("ClickHouse reads the blocks", () => {
  let session: ChdbSession;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "moose-conformance-"));
    session = new Session(join(folder, "data"));
    session.query("CREATE DATABASE IF NOT EXISTS c ENGINE = Atomic");
  });
  afterAll(() => {
    session.cleanup();
    rmSync(folder, { recursive: true, force: true });
  });

  const settings =
    "output_format_json_quote_64bit_integers = 1, output_format_json_quote_decimals = 1, input_format_null_as_default = 1, input_format_skip_unknown_fields = 1";
  const own = ["_partition UInt32", "_offset UInt64", "_received_at DateTime64(3, 'UTC')"];

  function create(table: string, spec: ModelSpec): void {
    const columns = spec.fields.map((field) => {
      const value = typeof field.default === "string" ? ` DEFAULT '${field.default}'` : "";
      return `\`${field.name}\` ${clickHouseType(field)}${value}`;
    });
    const extra = spec.extra === "keep" ? ["_extra Map(String, String)"] : [];
    session.query(
      `CREATE TABLE c.${table} (${[...columns, ...extra, ...own].join(", ")}) ENGINE = MergeTree ORDER BY _offset`,
    );
  }

  function read(sql: string): Record<string, unknown>[] {
    return session
      .query(`${sql} SETTINGS ${settings}`, "JSONEachRow")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Stores the committed blocks of a file and returns the table, in the order of the cases. */
  function stored(name: string): Record<string, unknown>[] {
    const file = JSON.parse(readFileSync(`${committed}${name}.json`, "utf8")) as ConformanceFile;
    const path = join(folder, `${name}.native`);
    create(name, file.model);
    for (const one of file.cases.filter(({ native }) => native !== undefined)) {
      writeFileSync(path, Buffer.from(one.native!, "base64"));
      session.query(`INSERT INTO c.${name} FROM INFILE '${path}' FORMAT Native`);
    }
    return read(`SELECT * FROM c.${name} ORDER BY _offset`);
  }

  test.each(valueGroups)("$name: the values that were sent", (group) => {
    const rows = stored(group.name);
    expect(rows.map((row) => row.v)).toEqual(group.accepts.map(([, shown]) => shown));
    expect(rows.map((row) => row._offset)).toEqual(group.accepts.map((_, index) => String(index * 1000)));
    const origin = { _partition: 3, _received_at: "2023-11-14 22:13:20.123" };
    for (const row of rows) expect(row).toMatchObject(origin);
    expect(modelSpec(valueModel(group)).fields).toHaveLength(1);
  });

  test.each(rowGroups)("$name: what ClickHouse parses from the same JSON", (group) => {
    const names = modelSpec(group.model).fields.map((field) => `\`${field.name}\``);
    const blocks = stored(group.name);
    const own = blocks.map(({ _partition, _offset, _received_at, _extra, ...row }) => row);
    if (modelSpec(group.model).extra === "keep") {
      expect(blocks.map(({ _extra }) => _extra)).toEqual(group.cases.flatMap(({ kept }) => kept ?? []));
    }
    const path = join(folder, `${group.name}.jsonl`);
    const comparable = group.cases.flatMap((one) => one.accepted.map(() => one.beyondClickHouse !== true));
    const texts = group.cases
      .filter((one) => one.beyondClickHouse !== true)
      .flatMap((one) => one.accepted.map((text) => Buffer.from(bytesOf(text)).toString("utf8")));
    writeFileSync(
      path,
      texts.map((text, index) => `${text.slice(0, -1)}${text === "{}" ? "" : ","}"_offset":${index}}\n`).join(""),
    );
    create(`${group.name}Parsed`, modelSpec(group.model));
    session.query(`INSERT INTO c.${group.name}Parsed FROM INFILE '${path}' SETTINGS ${settings} FORMAT JSONEachRow`);
    const parsed = read(`SELECT ${names.join(", ")} FROM c.${group.name}Parsed ORDER BY _offset`);
    expect(own.filter((_, index) => comparable[index])).toEqual(parsed);
    expect(own).toHaveLength(comparable.length);
  });
});
