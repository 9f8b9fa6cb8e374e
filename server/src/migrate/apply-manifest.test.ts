// Migrations against the real embedded engine: what is created, changed, kept and filled.
import {
  type AggregationSpec,
  aggregation,
  aggregationSpec,
  avg,
  count,
  max,
  min,
  model,
  modelSpec,
  sum,
  t,
  time,
} from "@moose/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../adapters/clickhouse/test-database.ts";
import { mergeExpression } from "../model/aggregation-columns.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Database } from "../ports/database.ts";
import { silentLog } from "../telemetry/log.ts";
import { applyManifest } from "./apply-manifest.ts";
import type { MigrationMode } from "./migration-step.ts";

let opened: TestDatabase;
let database: Database;
let tests = 0;

beforeAll(async () => {
  opened = await openTestDatabase();
});
beforeEach(() => {
  database = opened.open(`test_${tests++}`);
});
afterAll(() => opened.close());

const manifestOf = (
  models: readonly ReturnType<typeof model>[],
  aggregations: readonly AggregationSpec[] = [],
): Manifest => ({
  models: models.map((one) => modelSpec(one)),
  aggregations,
});
const apply = async (manifest: Manifest, mode: MigrationMode = "dev") =>
  (await applyManifest({ database, manifest, log: silentLog, mode })).changes;
const rows = async (sql: string) => (await database.query(sql)).rows;

const Flight = model("Flight", {
  seenAt: t.dateTime64(3).key().describe("When it was seen"),
  origin: t.string().lowCardinality(),
  delay: t.int16(),
  gate: t.string().optional(),
  carrier: t.string().default("it's \\ unknown"),
});
const ByMinute = aggregation("FlightsByMinute", {
  from: Flight,
  // A dimension with the name of the field it truncates must not hide the field from the measures.
  dimensions: { seenAt: time("seenAt", "minute"), origin: "origin", gate: "gate" },
  measures: { flights: count(), total: sum("delay"), mean: avg("delay"), first: min("seenAt"), last: max("seenAt") },
});
const byMinute = aggregationSpec(ByMinute);

const insertFlights = (values: string, table = "Flight") =>
  database.command(
    `INSERT INTO ${table} (seenAt, origin, delay, gate, _offset) SETTINGS insert_deduplicate = 0 VALUES ${values}`,
  );

const readByMinute = () =>
  rows(
    `SELECT seenAt, origin, gate, ${byMinute.measures.map((measure) => mergeExpression(measure, "source")).join(", ")}
     FROM FlightsByMinute AS source GROUP BY seenAt, origin, gate ORDER BY ALL`,
  );

describe("a new manifest", () => {
  test("makes tables that keep what they acknowledge, and a second run changes nothing", async () => {
    const changes = await apply(manifestOf([Flight], [byMinute]));
    expect(changes).toEqual(["table Flight created", "aggregation FlightsByMinute created"]);
    const [create] = await rows(
      "SELECT create_table_query FROM system.tables WHERE database = currentDatabase() AND name = 'Flight'",
    );
    expect(create![0]).toMatch(/ORDER BY (\(seenAt\)|seenAt)/);
    expect(create![0]).toMatch(/fsync_after_insert = 1/);
    expect(create![0]).toMatch(/fsync_part_directory = 1/);
    expect(
      await rows(
        "SELECT name, type, comment FROM system.columns WHERE database = currentDatabase() AND table = 'Flight' AND comment != ''",
      ),
    ).toContainEqual(["seenAt", "DateTime64(3, 'UTC')", "When it was seen"]);
    expect(await apply(manifestOf([Flight], [byMinute]))).toEqual([]);
    expect(await apply(manifestOf([Flight], [byMinute]), "safe")).toEqual([]);
  });

  test("says in the comments what is personal data", async () => {
    const home = t.object({ street: t.string().pii("drop"), zip: t.string() }).describe("Where they live");
    await apply(manifestOf([model("Person", { email: t.string().pii("hash"), home, plain: t.int8() })]));
    expect(
      await rows(
        "SELECT name, comment FROM system.columns WHERE database = currentDatabase() AND table = 'Person' AND name NOT LIKE '\\_%'",
      ),
    ).toEqual([
      ["email", "[personal data: hash]"],
      ["home", "Where they live [personal data .street: drop]"],
      ["plain", ""],
    ]);
  });

  test("every type, default, codec, TTL and partition key is understood by ClickHouse", async () => {
    const Every = model(
      "Every",
      {
        id: t.uuid().key(),
        s: t.string().default("a'b").describe("it's"),
        b: t.boolean().default(true),
        i: t.int64().default("-9223372036854775808"),
        f: t.float64().default(1.5),
        big: t.int256().default(-(2n ** 255n)),
        money: t.decimal(40, 4).default("123456789012345678901234.5678"),
        code: t.fixedString(3).default("a'b"),
        ip: t.ipv4().default("192.0.2.1"),
        ip6: t.ipv6().default("::ffff:192.0.2.1"),
        d: t.date().default("2024-02-29"),
        d16: t.date16(),
        at: t.dateTime().default("2024-02-29T12:00:00Z"),
        at64: t.dateTime64(6).default("2024-02-29T12:00:00.123456+01:00"),
        e: t.enum({ "it's": -5, b: 300 }).default("b"),
        list: t.array(t.array(t.string())).default([["x"], []]),
        maybe: t.array(t.int8().optional()).default([1, null]),
        home: t
          .object({
            street: t.string(),
            zip: t.string().optional(),
            at: t.point().default([1, 2]),
            tags: t.array(t.string()).optional(),
          })
          .default({ street: "a'b" }),
        away: t.object({ n: t.int8().default(5), at: t.dateTime().default("2024-02-29T12:00:00Z") }).optional(),
        counts: t.map(t.int64(), t.decimal(9, 2).optional()).default({ "-5": "1.5", "7": null }),
        any: t.json().default({ a: [1, null] }),
        shape: t.multiPolygon().default([[[[0, 1.5]]]]),
      },
      {
        extra: "keep",
        partitionBy: "toYYYYMM(at)",
        ttl: "at + INTERVAL 50 YEAR",
        orderBy: ["at"],
        description: "All\nof it",
      },
    );
    expect(await apply(manifestOf([Every]))).toEqual(["table Every created"]);
    expect(await apply(manifestOf([Every]))).toEqual([]);
    await database.command("INSERT INTO Every (_offset) VALUES (1)");
    expect(await rows("SELECT s, b, i, f, d, at, at64, e, list, maybe FROM Every")).toEqual([
      [
        "a'b",
        true,
        "-9223372036854775808",
        1.5,
        "2024-02-29",
        "2024-02-29 12:00:00",
        "2024-02-29 11:00:00.123456",
        "b",
        [["x"], []],
        [1, null],
      ],
    ]);
    expect(await rows("SELECT home, away, counts, any, shape, _extra FROM Every")).toEqual([
      [
        { street: "a'b", zip: null, at: [1, 2], tags: [] },
        { n: 5, at: "2024-02-29 12:00:00" },
        { "-5": "1.5", "7": null },
        '{"a":[1,null]}',
        [[[[0, 1.5]]]],
        {},
      ],
    ]);
    const texts = ["big", "money", "code", "ip", "ip6"].map((name) => `toString(${name})`).join(", ");
    expect(await rows(`SELECT ${texts} FROM Every`)).toEqual([
      [String(-(2n ** 255n)), "123456789012345678901234.5678", "a'b", "192.0.2.1", "::ffff:192.0.2.1"],
    ]);
  });

  test("an expression that ClickHouse refuses is the author's to mend", async () => {
    const Broken = model("Broken", { id: t.int8() }, { ttl: "nonsense(" });
    await expect(apply(manifestOf([Broken]))).rejects.toMatchObject({
      code: "project_invalid",
      message: /table Broken.*Syntax error/,
    });
  });
});

describe("aggregations", () => {
  test("count each event once, whether it came before the view or after", async () => {
    await apply(manifestOf([Flight]));
    await insertFlights(
      "('2024-01-01 10:00:10', 'SFO', 5, 'A', 1), ('2024-01-01 10:00:50.5', 'SFO', 10, 'A', 2), ('1950-01-01 10:00:30', 'LAX', -3, NULL, 3)",
    );
    expect(await apply(manifestOf([Flight], [byMinute]))).toEqual([
      "aggregation FlightsByMinute created, filled from 3 rows of Flight",
    ]);
    await insertFlights("('2024-01-01 10:00:59', 'SFO', 0, 'A', 4)");
    expect(await readByMinute()).toEqual([
      ["1950-01-01 10:00:00", "LAX", null, "1", "-3", -3, "1950-01-01 10:00:30.000", "1950-01-01 10:00:30.000"],
      ["2024-01-01 10:00:00", "SFO", "A", "3", "15", 5, "2024-01-01 10:00:10.000", "2024-01-01 10:00:59.000"],
    ]);
  });

  test("are built again from the table when they change, and dropped when they go", async () => {
    await apply(manifestOf([Flight], [byMinute]));
    await insertFlights("('2024-01-01 10:00:10', 'SFO', 5, 'A', 1), ('2024-01-02 10:00:10', 'SFO', 5, 'A', 2)");
    const daily = { ...byMinute, dimensions: [{ name: "seenAt", field: "seenAt", grain: "year" as const }] };
    expect(await apply(manifestOf([Flight], [daily]))).toEqual([
      "aggregation FlightsByMinute rebuilt, filled from 2 rows of Flight",
    ]);
    await insertFlights("('2024-05-01 10:00:10', 'SFO', 5, 'A', 3)");
    expect(await rows("SELECT seenAt, sum(flights) FROM FlightsByMinute GROUP BY seenAt")).toEqual([
      ["2024-01-01 00:00:00", "3"],
    ]);
    expect(await apply(manifestOf([Flight]), "safe")).toEqual([]);
    expect(await apply(manifestOf([Flight]))).toEqual(["aggregation FlightsByMinute dropped"]);
    expect(await rows("SELECT name FROM system.tables WHERE database = currentDatabase()")).toEqual([["Flight"]]);
  });

  test("that a crash left half done are completed, without counting twice", async () => {
    await apply(manifestOf([Flight], [byMinute]));
    await insertFlights("('2024-01-01 10:00:10', 'SFO', 5, 'A', 1)");
    await database.command("DROP VIEW FlightsByMinute_view");
    await database.command("CREATE TABLE _moose_new_FlightsByMinute (x UInt8) ENGINE = MergeTree ORDER BY x");
    await insertFlights("('2024-01-01 10:00:20', 'SFO', 5, 'A', 2)");
    expect(await apply(manifestOf([Flight], [byMinute]))).toEqual([
      "aggregation FlightsByMinute rebuilt, filled from 2 rows of Flight",
    ]);
    expect((await readByMinute()).map((row) => row[3])).toEqual(["2"]);
    expect(await apply(manifestOf([Flight], [byMinute]))).toEqual([]);
  });

  test("without dimensions have one row", async () => {
    const total = {
      name: "Total",
      from: byMinute.from,
      dimensions: [],
      measures: [{ name: "n", fn: "count" as const }],
    };
    await apply(manifestOf([Flight], [total]));
    await insertFlights("('2024-01-01 10:00:10', 'SFO', 5, 'A', 1)");
    await insertFlights("('2024-01-01 10:00:10', 'SFO', 5, 'A', 2)");
    expect(await rows("SELECT sum(n) FROM Total")).toEqual([["2"]]);
  });
});

test("interrupted after any of its statements, the next run completes it", async () => {
  const Changed = model("Flight", {
    seenAt: t.dateTime64(3),
    origin: t.string().key(),
    delay: t.int32(),
    distance: t.uint16(),
  });
  const changed: AggregationSpec = {
    ...byMinute,
    dimensions: [{ name: "origin", field: "origin" }],
    measures: byMinute.measures.slice(0, 2),
  };
  const gone: AggregationSpec = { ...byMinute, name: "Gone" };
  let statements = 1;
  for (let limit = 0; limit < statements; limit++) {
    database = opened.open(`interrupted_${limit}`);
    await apply(manifestOf([Flight], [byMinute, gone]));
    await insertFlights("('2024-01-01 10:00:10', 'SFO', 5, 'A', 1), ('2024-01-01 10:01:10', 'LAX', 7, 'A', 2)");
    let ran = 0;
    const cut: Database = Object.create(database, {
      command: {
        value: async (sql: string) => {
          if (ran++ === limit) throw new Error("the process died here");
          return database.command(sql);
        },
      },
      query: { value: (sql: string) => database.query(sql) },
    });
    const manifest = manifestOf([Changed], [changed]);
    await expect(applyManifest({ database: cut, manifest, log: silentLog, mode: "dev" })).rejects.toThrow("died here");
    await apply(manifest);
    expect(await apply(manifest)).toEqual([]);
    expect(
      await rows("SELECT origin, sum(flights), sum(total) FROM FlightsByMinute GROUP BY origin ORDER BY origin"),
    ).toEqual([
      ["LAX", "1", "7"],
      ["SFO", "1", "5"],
    ]);
    expect(await rows("SELECT origin, delay, distance, _offset FROM Flight ORDER BY _offset")).toEqual([
      ["SFO", 5, 0, "1"],
      ["LAX", 7, 0, "2"],
    ]);
    expect(await rows("SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name")).toEqual([
      ["Flight"],
      ["FlightsByMinute"],
      ["FlightsByMinute_view"],
    ]);
    if (limit === 0) {
      const counting = opened.open("counted_statements");
      let all = 0;
      const whole: Database = Object.create(counting, {
        command: {
          value: (sql: string) => {
            all++;
            return counting.command(sql);
          },
        },
        query: { value: (sql: string) => counting.query(sql) },
      });
      await applyManifest({
        database: whole,
        manifest: manifestOf([Flight], [byMinute, gone]),
        log: silentLog,
        mode: "dev",
      });
      all = 0;
      await applyManifest({ database: whole, manifest, log: silentLog, mode: "dev" });
      statements = all;
    }
  }
  expect(statements).toBeGreaterThan(10);
}, 120_000);

describe("a changed model", () => {
  const event = "('2024-01-01 10:00:10', 'SFO', 5, 'A', 1)";

  test("gains, widens and loses columns in place", async () => {
    await apply(manifestOf([Flight], [byMinute]));
    await insertFlights(event);
    const Changed = model("Flight", {
      seenAt: t.dateTime64(3).key(),
      origin: t.string(),
      delay: t.int32().optional(),
      distance: t.uint16().default(7),
    });
    const simpler = { ...byMinute, dimensions: byMinute.dimensions.filter((dimension) => dimension.field !== "gate") };
    expect(await apply(manifestOf([Changed], [simpler]))).toEqual([
      "table Flight: column seenAt described anew",
      "table Flight: column origin LowCardinality(String) → String",
      "table Flight: column delay Int16 → Nullable(Int32)",
      "table Flight: column distance added (UInt16)",
      "table Flight: column gate dropped",
      "table Flight: column carrier dropped",
      "aggregation FlightsByMinute rebuilt, filled from 1 row of Flight",
    ]);
    expect(await rows("SELECT origin, delay, distance, _offset FROM Flight")).toEqual([["SFO", 5, 7, "1"]]);
    expect(await rows("SELECT origin, sum(total) FROM FlightsByMinute GROUP BY origin")).toEqual([["SFO", "5"]]);
    expect(await apply(manifestOf([Changed], [simpler]))).toEqual([]);
  });

  test("is built anew when its key or a type changes so that values convert or do not", async () => {
    await apply(manifestOf([Flight], [byMinute]));
    await insertFlights(
      "('2024-01-01 10:00:10', '12', 5, '2024-05-05T10:00:00Z', 1), ('2024-01-01 10:00:11', 'SFO', 6, 'x', 2)",
    );
    const Changed = model("Flight", {
      seenAt: t.dateTime64(3),
      origin: t.int16(),
      delay: t.string().key(),
      gate: t.dateTime().optional(),
      carrier: t.array(t.string()),
    });
    const changes = await apply(manifestOf([Changed]));
    expect(changes[1]).toMatch(
      /^table Flight rebuilt: .*origin LowCardinality\(String\) → Int16.*order or partition key changed/,
    );
    expect(await rows("SELECT origin, delay, gate, carrier, _offset FROM Flight ORDER BY _offset")).toEqual([
      [12, "5", "2024-05-05 10:00:00", [], "1"],
      [0, "6", null, [], "2"],
    ]);
    expect(await apply(manifestOf([Changed]))).toEqual([]);
  });

  test("that is gone keeps its table; a table of someone else is not touched", async () => {
    await apply(manifestOf([Flight], [byMinute]));
    await insertFlights(event);
    expect(await apply(manifestOf([]))).toEqual(["aggregation FlightsByMinute dropped"]);
    expect(await rows("SELECT count() FROM Flight")).toEqual([["1"]]);
    await database.command("CREATE TABLE Mine (x UInt8) ENGINE = MergeTree ORDER BY x");
    await expect(apply(manifestOf([model("Mine", { x: t.int8() })]))).rejects.toMatchObject({
      code: "project_invalid",
    });
  });

  test("defaults, codecs and times to live come and go", async () => {
    await apply(
      manifestOf([
        model("M", { a: t.string().default("x").codec("ZSTD(3)"), b: t.dateTime() }, { ttl: "b + INTERVAL 90 YEAR" }),
      ]),
    );
    const plain = manifestOf([model("M", { a: t.string(), b: t.dateTime() })]);
    expect(await apply(plain)).toEqual(["table M: column a described anew", "table M: time to live removed"]);
    const [create] = await rows(
      "SELECT create_table_query FROM system.tables WHERE database = currentDatabase() AND name = 'M'",
    );
    expect(create![0]).not.toMatch(/ZSTD|DEFAULT|TTL/);
    expect(await apply(plain)).toEqual([]);
  });
});
