// Full ingest while the tables take nothing: memory stays bounded, ingest answers 503 at its bound, and all that was acknowledged arrives.
import { beforeEach, describe, expect, it } from "vitest";
import { exitCodes } from "../../server/src/cli/exit-codes.ts";
import { type Answers, newAnswers, sendEvents } from "./event-load.ts";
import { residentBytes, type Serving } from "./served-project.ts";
import { servedWithClickHouse } from "./served-with-clickhouse.ts";

const MEBIBYTE = 1024 * 1024;
const MAX_LAG_BYTES = 24 * MEBIBYTE;
/** What a look of the admission, every 100 ms, may come too late for, and requests that were let in before it. */
const OVERSHOOT_BYTES = 40 * MEBIBYTE;
/** Anonymous memory of the server process during all of it. */
const MEMORY_CAP_BYTES = 400 * MEBIBYTE;
const ROWS = 200;
const TEXT_BYTES = 500;

const served = servedWithClickHouse();
let server: Serving;
beforeEach(async () => {
  served.project.configure({ ingest: { maxLagBytes: MAX_LAG_BYTES } });
  server = await served.project.serve([], served.clickhouse.environment);
});

const load = (model: string, name: string) => ({
  url: () => server.url,
  model,
  name,
  senders: 4,
  rowsPerRequest: ROWS,
  textBytes: TEXT_BYTES,
  pauseMs: 20,
});

async function one(model: string, id: string): Promise<number> {
  const body = JSON.stringify({ id, value: 1 });
  const response = await fetch(`${server.url}/ingest/${model}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

/** Sends until the bound was met, and some more; returns what was answered and the most memory that was seen. */
async function sendUntilRefused(model: string): Promise<{ answers: Answers; peakBytes: number }> {
  const answers = newAnswers();
  const ending = new AbortController();
  let peakBytes = 0;
  const watching = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytes(server.pid));
    if ((answers.byStatus.get("503") ?? 0) >= 60) ending.abort();
  }, 50);
  try {
    await sendEvents(load(model, model), answers, ending.signal);
  } finally {
    clearInterval(watching);
  }
  return { answers, peakBytes };
}

function expectBounded({ acknowledged, byStatus, refusal }: Answers): void {
  expect([...byStatus.keys()].sort()).toEqual(["200", "503"]);
  expect(refusal).toMatchObject({ retryAfter: "5", problem: { code: "overloaded", reason: "lag", status: 503 } });
  const bytes = acknowledged.size * TEXT_BYTES;
  expect(bytes).toBeGreaterThan(0.5 * MAX_LAG_BYTES);
  expect(bytes).toBeLessThan(MAX_LAG_BYTES + OVERSHOOT_BYTES);
}

const stored = async (model: string, wanted: number): Promise<void> => {
  await expect
    .poll(async () => (await served.clickhouse.count(model)).ids, { timeout: 60_000, interval: 200 })
    .toBe(wanted);
  expect(await served.clickhouse.count(model)).toEqual({ rows: wanted, ids: wanted });
};

describe("shedding load", () => {
  it("ClickHouse is gone: 200 up to the bound, then 503; the other model goes on; all arrives when it is back", async () => {
    expect(await one("Reading", "before")).toBe(200);
    await stored("Reading", 1);
    await served.clickhouse.stop();
    const { answers, peakBytes } = await sendUntilRefused("Reading");
    expectBounded(answers);
    expect(peakBytes).toBeLessThan(MEMORY_CAP_BYTES);
    expect(await one("Note", "during")).toBe(200);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/moose_ingest_refused_total\{reason="lag"\} [1-9]/);
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(503);

    await served.clickhouse.startAgain();
    await stored("Reading", answers.acknowledged.size + 1);
    await stored("Note", 1);
    await expect.poll(() => one("Reading", "after"), { timeout: 30_000 }).toBe(200);
    expect(await server.end()).toBe(exitCodes.ok);
  }, 180_000);

  it("one table takes nothing: its model alone is turned away, and the other's events arrive meanwhile", async () => {
    expect(await one("Reading", "before")).toBe(200);
    await stored("Reading", 1);
    await served.clickhouse.database.command("DROP VIEW ReadingTotal_view");
    await served.clickhouse.database.command("RENAME TABLE Reading TO Reading_away");
    const { answers } = await sendUntilRefused("Reading");
    expectBounded(answers);
    for (let note = 0; note < 20; note++) expect(await one("Note", `note ${note}`)).toBe(200);
    await stored("Note", 20);

    await served.clickhouse.database.command("RENAME TABLE Reading_away TO Reading");
    await stored("Reading", answers.acknowledged.size + 1);
    expect(await server.end()).toBe(exitCodes.ok);
  }, 180_000);
});
