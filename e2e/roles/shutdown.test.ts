// SIGTERM under load, again and again: every request is answered, turned away or refused at the door, and nothing acknowledged is lost.
import { expect, it } from "vitest";
import { exitCodes } from "../../server/src/cli/exit-codes.ts";
import { newAnswers, sendEvents } from "./event-load.ts";
import { quietPort } from "./served-project.ts";
import { servedWithClickHouse } from "./served-with-clickhouse.ts";

const ROUNDS = Number(process.env.MOOSE_SHUTDOWN_ROUNDS ?? 3);
const EVENTS_A_ROUND = 4_000;

const served = servedWithClickHouse();

it(
  `SIGTERM under load, ${ROUNDS} times (MOOSE_SHUTDOWN_ROUNDS): no request fails but at a closed door, nothing acknowledged is lost`,
  async () => {
    const answers = newAnswers();
    const port = String(await quietPort());
    let server = await served.project.serve(["--port", port], served.clickhouse.environment);
    const ending = new AbortController();
    const load = {
      url: () => server.url,
      model: "Reading",
      name: "load",
      senders: 8,
      rowsPerRequest: 10,
      textBytes: 100,
      pauseMs: 20,
    };
    const loading = sendEvents(load, answers, ending.signal);
    for (let round = 1; round <= ROUNDS; round++) {
      const wanted = answers.acknowledged.size + EVENTS_A_ROUND;
      await expect.poll(() => answers.acknowledged.size, { timeout: 60_000 }).toBeGreaterThan(wanted);
      expect(await server.end(), server.running.output()).toBe(exitCodes.ok);
      expect(server.said("Stopped")).toHaveLength(1);
      if (round < ROUNDS) server = await served.project.serve(["--port", port], served.clickhouse.environment);
    }
    ending.abort();
    await loading;
    const expected = new Set(["200", "503", "ECONNREFUSED"]);
    expect([...answers.byStatus].filter(([status]) => !expected.has(status))).toEqual([]);
    // The last process wrote what waited for the table before it ended.
    const { size } = answers.acknowledged;
    expect(await served.clickhouse.count("Reading"), server.running.output()).toEqual({ rows: size, ids: size });
  },
  60_000 + ROUNDS * 60_000,
);

it("with ClickHouse gone it ends by the deadline, and what was acknowledged arrives with the next process", async () => {
  const env = { ...served.clickhouse.environment, MOOSE_SHUTDOWN_DEADLINE_MS: "4000" };
  const first = await served.project.serve([], env);
  await served.clickhouse.stop();
  const answers = newAnswers();
  const ending = new AbortController();
  const load = {
    url: () => first.url,
    model: "Reading",
    name: "a",
    senders: 2,
    rowsPerRequest: 50,
    textBytes: 10,
    pauseMs: 5,
  };
  const loading = sendEvents(load, answers, ending.signal);
  await expect.poll(() => answers.acknowledged.size).toBeGreaterThan(200);
  expect(await first.end()).toBe(exitCodes.ok);
  ending.abort();
  await loading;
  await served.clickhouse.startAgain();
  const second = await served.project.serve([], served.clickhouse.environment);
  const { size } = answers.acknowledged;
  await expect.poll(() => served.clickhouse.count("Reading"), { timeout: 30_000 }).toEqual({ rows: size, ids: size });
  expect(await second.end()).toBe(exitCodes.ok);
}, 120_000);

it("a second signal ends it at once", async () => {
  const server = await served.project.serve([], {
    ...served.clickhouse.environment,
    MOOSE_SHUTDOWN_NOT_READY_MS: "60000",
    MOOSE_SHUTDOWN_DEADLINE_MS: "120000",
  });
  server.running.child.kill("SIGTERM");
  // It serves on, but is not ready.
  await expect.poll(async () => (await fetch(`${server.url}/health/ready`)).status).toBe(503);
  const body = (await (await fetch(`${server.url}/health/ready`)).json()) as { checks: object };
  expect(body.checks).toMatchObject({ server: { ok: false, detail: "is shutting down" } });
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  // What follows the first within half a second is taken for the same key press.
  const ended = server.running.exitCode;
  const again = setInterval(() => server.running.child.kill("SIGTERM"), 100);
  expect(await ended).toBe(exitCodes.interrupted);
  clearInterval(again);
}, 60_000);
