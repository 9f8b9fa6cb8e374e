// The oracle under faults: what ClickHouse holds against the account of the senders, event by event.
import type { ClickHouseClient } from "@clickhouse/client";
import { expect } from "vitest";
import { clickHouseClient } from "./clickhouse-client.ts";
import { type FaultedModel, faultedModels } from "./project.ts";
import { type Account, type Fate, payloadOf } from "./senders.ts";
import type { Urls } from "./urls.ts";

const DRAINED_LIMIT_MS = 120_000;

type Fates = ReadonlyMap<string, readonly Fate[]>;

interface KeyRows {
  readonly key: string;
  /** In the order of the stream. */
  readonly seqs: readonly number[];
  readonly payloads: readonly string[];
  readonly partitions: string | number;
}

/**
 * Every acknowledged event is in its table once, as it was sent; none is there that nobody sent; events of one key are in the order in
 * which they were sent; the aggregations equal a recomputation from their tables.
 */
export async function expectExactlyOnce(urls: Urls, account: Account): Promise<void> {
  const client = clickHouseClient(urls);
  try {
    expect(account.acknowledged).toBeGreaterThan(0);
    for (const model of faultedModels) {
      await expectRows(client, model, account.fates.get(model)!);
      await expectAggregation(client, urls, model);
    }
  } finally {
    await client.close();
  }
}

/** Whether the event is in its table now. */
export async function isInTable(urls: Urls, model: FaultedModel, key: string): Promise<boolean> {
  const client = clickHouseClient(urls);
  try {
    const [row] = await select<{ n: string }>(client, `SELECT count() AS n FROM ${model} WHERE key = {key:String}`, {
      key,
    });
    return Number(row!.n) === 1;
  } finally {
    await client.close();
  }
}

async function expectRows(client: ClickHouseClient, model: FaultedModel, fates: Fates): Promise<void> {
  // What was acknowledged may still be on its way; any other mistake never mends itself.
  const giveUpMs = performance.now() + DRAINED_LIMIT_MS;
  for (;;) {
    const { lost, wrong } = compare(model, await storedRows(client, model), fates);
    if (wrong.length === 0 && lost.length > 0 && performance.now() < giveUpMs) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    expect([...wrong, ...lost].slice(0, 20), `${model}: ${wrong.length} mistakes, ${lost.length} lost`).toEqual([]);
    return;
  }
}

const storedRows = (client: ClickHouseClient, model: FaultedModel): Promise<KeyRows[]> =>
  select<KeyRows>(
    client,
    `SELECT key, groupArray(seq) AS seqs, groupArray(payload) AS payloads, uniqExact(_partition) AS partitions
     FROM (SELECT * FROM ${model} WHERE NOT startsWith(key, 'fresh') ORDER BY _partition, _offset) GROUP BY key`,
  );

/** `lost`: acknowledged and not there (yet). `wrong`: there, and should not be so. */
function compare(model: FaultedModel, rows: readonly KeyRows[], fates: Fates): { lost: string[]; wrong: string[] } {
  const wrong: string[] = [];
  const lost: string[] = [];
  const stored = new Map(rows.map((row) => [row.key, row]));
  for (const key of stored.keys()) if (!fates.has(key)) wrong.push(`${key}: nobody sent this key`);
  for (const [key, wanted] of fates) {
    const { seqs, payloads, partitions } = stored.get(key) ?? { seqs: [], payloads: [], partitions: 1 };
    const times = new Uint8Array(wanted.length);
    seqs.forEach((seq, i) => {
      if (seq >= wanted.length) wrong.push(`${key}:${seq} was never sent`);
      else if (++times[seq]! > 1) wrong.push(`${key}:${seq} is stored ${times[seq]} times`);
      if (payloads[i] !== payloadOf(key, seq)) wrong.push(`${key}:${seq} has another payload`);
    });
    wanted.forEach((fate, seq) => {
      if (fate === "acknowledged" && times[seq] === 0) lost.push(`${key}:${seq} was acknowledged and is lost`);
    });
    if (model !== "Ordered") continue;
    if (Number(partitions) !== 1) wrong.push(`${key}: lies in ${partitions} partitions`);
    const late = seqs.findIndex((seq, i) => i > 0 && seq < seqs[i - 1]!);
    if (late > 0) wrong.push(`${key}: ${seqs[late]} stands behind ${seqs[late - 1]}`);
  }
  return { lost, wrong };
}

async function expectAggregation(client: ClickHouseClient, urls: Urls, model: FaultedModel): Promise<void> {
  // A view may stand behind its table until the writer has sent a block again that met a fault.
  await expect
    .poll(() => compareAggregation(client, urls, model), { timeout: DRAINED_LIMIT_MS, interval: 200 })
    .toEqual("the same");
}

async function compareAggregation(client: ClickHouseClient, urls: Urls, model: FaultedModel): Promise<string> {
  const response = await fetch(`${urls.api}/query/${model}ByKey?limit=100000`, { signal: AbortSignal.timeout(30_000) });
  expect(response.status).toBe(200);
  const { columns, rows } = (await response.json()) as { columns: { name: string }[]; rows: unknown[][] };
  expect(columns.map((column) => column.name)).toEqual(["key", "events", "total"]);
  const computed = await select<{ key: string; events: string; total: string }>(
    client,
    `SELECT key, count() AS events, sum(seq) AS total FROM ${model} GROUP BY key ORDER BY key`,
  );
  const text = (row: readonly unknown[]): string => row.map(String).join(" ");
  const inView = rows.map(text).sort();
  const inTable = computed.map(({ key, events, total }) => text([key, events, total])).sort();
  const different = inTable.filter((row, i) => row !== inView[i]).slice(0, 5);
  return different.length === 0 && inView.length === inTable.length
    ? "the same"
    : `${model}ByKey differs from a recomputation: ${different.join("; ")}`;
}

async function select<Row>(
  client: ClickHouseClient,
  query: string,
  params: Record<string, unknown> = {},
): Promise<Row[]> {
  const result = await client.query({ query, format: "JSONEachRow", query_params: params });
  return result.json<Row>();
}
