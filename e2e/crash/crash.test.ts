// Kills the server, or the engine under it, in the middle of a load, again and again: every acknowledged event is in its table exactly once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { type Account, runLoad } from "./load.ts";
import { between, seededRandom } from "./random.ts";
import { ServerUnderTest } from "./server-under-test.ts";

const ROUNDS = Number(process.env.MOOSE_CRASH_ROUNDS ?? 5);
const SEED = Number(process.env.MOOSE_CRASH_SEED ?? Date.now() % 2 ** 31);
const DRAINED_LIMIT_MS = 60_000;

describe(`crash (MOOSE_CRASH_SEED=${SEED} MOOSE_CRASH_ROUNDS=${ROUNDS})`, () => {
  const random = seededRandom(SEED);
  let bundle: NodeBundle;
  let projectDir: string;
  let server: ServerUnderTest | undefined;
  let account: Account;

  beforeAll(async () => {
    bundle = await ServerUnderTest.bundle();
  });
  afterAll(() => bundle?.remove());
  beforeEach(() => {
    projectDir = mkdtempSync(join(tmpdir(), "moose-crash-"));
    account = { sent: new Map(), acknowledged: new Set() };
  });
  afterEach(async () => {
    await server?.kill();
    rmSync(projectDir, { recursive: true, force: true });
  });

  it(
    "keeps every acknowledged event exactly once when the server is killed",
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        server = await ServerUnderTest.start(bundle, projectDir);
        await loadUntil(server, round, between(random, 500, 20_000), () => server!.kill());
      }
      server = await ServerUnderTest.start(bundle, projectDir);
      await expectExactlyOnce(server, account);
      await server.stop();
    },
    60_000 + ROUNDS * 30_000,
  );

  it(
    "keeps every acknowledged event exactly once when the engine alone is killed",
    async () => {
      server = await ServerUnderTest.start(bundle, projectDir);
      for (let round = 0; round < ROUNDS; round++) {
        await loadUntil(server, round, between(random, 500, 20_000), () => server!.killEngine());
      }
      await expectExactlyOnce(server, account);
      await server.stop();
    },
    60_000 + ROUNDS * 30_000,
  );

  /** Runs the load; breaks something once `count` events are acknowledged, then lets the load end. */
  async function loadUntil(target: ServerUnderTest, round: number, count: number, breakIt: () => Promise<void>) {
    const enough = new AbortController();
    let broken: Promise<void> | undefined;
    await runLoad(
      {
        url: target.urls.api,
        round,
        senders: 4,
        rowsPerRequest: () => (random() < 0.5 ? 1 : between(random, 1, 600)),
        random,
        account,
        onAcknowledged: (acknowledged) => {
          if (acknowledged >= count) broken ??= breakIt();
          // Some requests meet the broken part, before the round is over.
          if (acknowledged >= count + 2000) enough.abort();
        },
      },
      enough.signal,
    );
    if (broken === undefined) throw new Error("the server went away before it was killed");
    await broken;
  }
});

async function expectExactlyOnce({ urls }: ServerUnderTest, { sent, acknowledged }: Account): Promise<void> {
  const url = new URL(urls.clickhouse);
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  const client = createClient({
    url: url.origin,
    username,
    password,
    database: "moose",
    log: { level: ClickHouseLogLevel.OFF },
  });
  try {
    await expect
      .poll(async () => Number((await select<{ n: string }>(client, "SELECT count() AS n FROM Reading"))[0]!.n), {
        timeout: DRAINED_LIMIT_MS,
        interval: 100,
      })
      .toBeGreaterThanOrEqual(acknowledged.size);

    const rows = await select<{ id: string; round: number; value: number }>(
      client,
      "SELECT id, round, value FROM Reading",
    );
    const stored = new Map(rows.map((row) => [row.id, row]));
    expect(rows.length - stored.size, "events stored twice").toBe(0);
    expect(
      [...acknowledged].filter((id) => !stored.has(id)),
      "acknowledged events that are lost",
    ).toEqual([]);
    const foreign = rows.filter(({ id, round, value }) => {
      const reading = sent.get(id);
      return reading === undefined || reading.round !== round || reading.value !== value;
    });
    expect(foreign, "events that nobody sent").toEqual([]);

    const response = await fetch(`${urls.api}/query/ReadingsByRound?dimensions=round&measures=readings,total`);
    expect(response.status).toBe(200);
    const aggregated = (await response.json()) as { rows: unknown[][]; columns: { name: string }[] };
    const names = aggregated.columns.map((column) => column.name);
    const fromView = aggregated.rows.map((row) =>
      names
        .map((name, i) => `${name}=${row[i]}`)
        .sort()
        .join(" "),
    );
    const totals = new Map<number, { readings: number; total: number }>();
    for (const { round, value } of rows) {
      const of = totals.get(round) ?? { readings: 0, total: 0 };
      totals.set(round, { readings: of.readings + 1, total: of.total + value });
    }
    const fromTable = [...totals].map(([round, of]) => `readings=${of.readings} round=${round} total=${of.total}`);
    expect(fromView.sort(), "the materialized view and its table").toEqual(fromTable.sort());
    expect(acknowledged.size).toBeGreaterThan(0);
  } finally {
    await client.close();
  }
}

async function select<Row>(client: ClickHouseClient, query: string): Promise<Row[]> {
  const result = await client.query({ query, format: "JSONEachRow" });
  return result.json<Row>();
}
