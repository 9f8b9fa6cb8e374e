// The oracle of the crash tests: what ClickHouse holds against the account of what was sent and acknowledged.
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { expect } from "vitest";
import { type Account, type LoadedModel, loadedModels } from "./load.ts";
import type { Urls } from "./server-under-test.ts";

const DRAINED_LIMIT_MS = 60_000;

interface StoredEvent {
  readonly id: string;
  readonly round: number;
  readonly value: string | number;
}

/** Every acknowledged event is in its table once, as it was sent; none is there that nobody sent; the views agree with their tables. */
export async function expectExactlyOnce(
  urls: Urls,
  account: Account,
  models: readonly LoadedModel[] = loadedModels,
): Promise<void> {
  const url = new URL(urls.clickhouse);
  const client = createClient({
    url: url.origin,
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: "moose",
    log: { level: ClickHouseLogLevel.OFF },
  });
  try {
    expect(account.acknowledged.size).toBeGreaterThan(0);
    for (const model of models) await expectStored(client, urls, account, model);
  } finally {
    await client.close();
  }
}

async function expectStored(client: ClickHouseClient, urls: Urls, account: Account, model: LoadedModel): Promise<void> {
  const acknowledged = [...account.acknowledged].filter((id) => account.sent.get(id)!.model === model);
  const idle = async (): Promise<boolean> => {
    const [{ n } = { n: "0" }] = await select<{ n: string }>(client, `SELECT count() AS n FROM ${model}`);
    return Number(n) >= acknowledged.length;
  };
  await expect.poll(idle, { timeout: DRAINED_LIMIT_MS, interval: 100 }).toBe(true);

  const rows = await select<StoredEvent>(client, `SELECT id, round, value FROM ${model}`);
  const stored = new Set(rows.map((row) => row.id));
  expect(rows.length - stored.size, "events stored twice").toBe(0);
  expect(
    acknowledged.filter((id) => !stored.has(id)),
    "acknowledged events that are lost",
  ).toEqual([]);
  const foreign = rows.filter(({ id, round, value }) => {
    const event = account.sent.get(id);
    return event?.model !== model || event.round !== round || event.value !== Number(value);
  });
  expect(foreign, "events that nobody sent").toEqual([]);

  await expect
    .poll(() => compareView(client, urls, model), { timeout: DRAINED_LIMIT_MS, interval: 200 })
    .toEqual("the same");
}

/** After an engine that died in the middle of an insert, the view has what its table has once the writer has sent the same block again. */
async function compareView(client: ClickHouseClient, urls: Urls, model: LoadedModel): Promise<string> {
  const rows = await select<StoredEvent>(client, `SELECT id, round, value FROM ${model}`);
  const response = await fetch(`${urls.api}/query/${model}ByRound?dimensions=round&measures=events,total`);
  expect(response.status).toBe(200);
  const aggregated = (await response.json()) as { rows: unknown[][]; columns: { name: string }[] };
  const names = aggregated.columns.map((column) => column.name);
  const fromView = aggregated.rows.map((row) => Object.fromEntries(row.map((value, i) => [names[i]!, Number(value)])));
  const totals = new Map<number, { round: number; events: number; total: number }>();
  for (const { round, value } of rows) {
    const of = totals.get(round) ?? { round, events: 0, total: 0 };
    totals.set(round, { round, events: of.events + 1, total: of.total + Number(value) });
  }
  const byRound = (a: { round?: number }, b: { round?: number }): number => a.round! - b.round!;
  const [inView, inTable] = [fromView.sort(byRound), [...totals.values()].sort(byRound)].map((of) =>
    JSON.stringify(of),
  );
  return inView === inTable ? "the same" : `the view: ${inView}, its table: ${inTable}`;
}

async function select<Row>(client: ClickHouseClient, query: string): Promise<Row[]> {
  const result = await client.query({ query, format: "JSONEachRow" });
  return result.json<Row>();
}
