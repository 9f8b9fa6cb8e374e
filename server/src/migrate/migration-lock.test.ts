// The lock among processes, on the real engine: one at a time, through deaths and late comers.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../adapters/clickhouse/test-database.ts";
import type { Database } from "../ports/database.ts";
import { withMigrationLock } from "./migration-lock.ts";

let opened: TestDatabase;
let database: Database;
let tests = 0;
beforeAll(async () => {
  opened = await openTestDatabase();
});
beforeEach(() => {
  database = opened.open(`lock_${tests++}`);
});
afterAll(() => opened.close());

const claims = async (): Promise<number> =>
  (await database.query("SELECT name FROM system.tables WHERE database = currentDatabase()")).rows.length;

test("of many that begin at once one works at a time, and each gets its turn", async () => {
  let working = 0;
  let most = 0;
  const done: number[] = [];
  await Promise.all(
    Array.from({ length: 4 }, (_, process) =>
      withMigrationLock(database, async () => {
        most = Math.max(most, ++working);
        await database.query("SELECT sleep(0.02)");
        working--;
        done.push(process);
      }),
    ),
  );
  expect(most).toBe(1);
  expect(done.sort()).toEqual([0, 1, 2, 3]);
  expect(await claims()).toBe(1);
});

test("it is given back when the work fails", async () => {
  const failing = withMigrationLock(database, async () => {
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await withMigrationLock(database, async () => "mine")).toBe("mine");
});

test("one that died is passed over when its lease has run out; one that renews is waited for", async () => {
  const dead = JSON.stringify({ holder: "dead", untilMs: Date.now() - 1 });
  await database.command(`CREATE TABLE _moose_migration_41 (x UInt8) ENGINE = Null COMMENT '${dead}'`);
  let finish = (): void => {};
  const held = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const long = withMigrationLock(database, () => held, { leaseMs: 6_000 });
  const until = async (): Promise<number> => {
    const { rows } = await database.query("SELECT comment FROM system.tables WHERE name = '_moose_migration_42'");
    return rows.length === 0 ? 0 : (JSON.parse(String(rows[0]![0])) as { untilMs: number }).untilMs;
  };
  await expect.poll(until).toBeGreaterThan(0);
  const first = await until();
  await expect.poll(until, { timeout: 20_000 }).toBeGreaterThan(first);
  await expect(withMigrationLock(database, async () => {}, { waitLimitMs: 0 })).rejects.toMatchObject({
    code: "database_unavailable",
  });
  finish();
  await long;
  expect(await withMigrationLock(database, async () => "mine")).toBe("mine");
});
