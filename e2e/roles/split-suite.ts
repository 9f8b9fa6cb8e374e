// The roles split over processes that share a stream and a ClickHouse: one suite, run on each kind of stream.
import { type Consumption, createConsumption } from "@moose/consumption";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exitCodes } from "../../server/src/cli/exit-codes.ts";
import { bundleCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { newAnswers, sendEvents } from "./event-load.ts";
import { quietPort, ServedProject, type Serving } from "./served-project.ts";
import { StoppableClickHouse } from "./stoppable-clickhouse.ts";

export interface SharedStream {
  /** Of a project that has the stream to itself: called for each test. */
  configuration(): object;
  close(): Promise<void>;
}

const LIMIT_MS = 60_000;

export function splitSuite(name: string, open: () => Promise<SharedStream>): void {
  let cli: NodeBundle;
  let shared: SharedStream;
  let clickhouse: StoppableClickHouse;
  let project: ServedProject;
  let reader: Consumption | undefined;

  beforeAll(async () => {
    cli = await bundleCli();
    shared = await open();
  }, 180_000);
  afterAll(async () => {
    await shared?.close();
    cli?.remove();
  });
  beforeEach(async () => {
    clickhouse = await StoppableClickHouse.start();
    project = new ServedProject(cli);
    project.configure({ ...shared.configuration(), shutdown: { deadlineMs: 30_000 } });
  });
  afterEach(async () => {
    await reader?.close();
    reader = undefined;
    await project.close();
    await clickhouse.close();
  });

  const serve = (roles: string, ...args: string[]): Promise<Serving> =>
    project.serve(["--roles", roles, ...args], clickhouse.environment);

  /** The position of the acknowledgement. */
  async function send({ url }: Serving, ...ids: string[]): Promise<string> {
    const response = await fetch(`${url}/ingest/Reading`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: ids.map((id) => JSON.stringify({ id, value: 7 })).join("\n"),
    });
    const body = (await response.json()) as { position: string };
    expect(response.status, JSON.stringify(body)).toBe(200);
    return body.position;
  }

  async function events({ url }: Serving, after: string): Promise<number> {
    const response = await fetch(`${url}/query/ReadingTotal?measures=events&after=${after}`);
    const body = (await response.json()) as { rows: unknown[][] };
    expect(response.status, JSON.stringify(body)).toBe(200);
    return Number(body.rows[0]?.[1] ?? 0);
  }

  describe(`roles split over processes: ${name}`, () => {
    it("what one process acknowledged, another that only queries answers after, and tells its subscribers", async () => {
      const writer = await serve("writer");
      const ingest = await serve("ingest");
      const query = await serve("query");
      // A check that takes over two seconds has failed, so on a busy machine the first one may.
      const ready = async (): Promise<unknown> => (await fetch(`${query.url}/health/ready`)).json();
      await expect.poll(ready, { timeout: LIMIT_MS }).toMatchObject({ status: "ok", checks: { tables: { ok: true } } });
      expect(await events(query, await send(ingest, "a", "b"))).toBe(2);
      expect(await events(query, await send(ingest, "c"))).toBe(3);

      reader = createConsumption({ url: query.url });
      const totals: number[] = [];
      const seen: string[] = [];
      const live = reader.live("ReadingTotal", { measures: ["events"] });
      const stream = reader.subscribeEvents("Reading");
      const reading = [
        (async () => {
          for await (const { rows } of live) totals.push(Number(rows[0]?.events ?? 0));
        })(),
        (async () => {
          for await (const { value } of stream) seen.push(String(value.id));
        })(),
      ];
      await expect.poll(() => totals.at(-1), { timeout: LIMIT_MS }).toBe(3);
      await send(ingest, "d");
      await expect.poll(() => totals.at(-1), { timeout: LIMIT_MS }).toBe(4);
      await expect.poll(() => seen, { timeout: LIMIT_MS }).toContain("d");

      await Promise.all([live.close(), stream.close()]);
      await Promise.all(reading);
      for (const server of [ingest, query, writer]) expect(await server.end()).toBe(exitCodes.ok);
    }, 180_000);

    it("processes are replaced one after the other under load: no request fails, all arrives once", async () => {
      const port = String(await quietPort());
      const start = (): Promise<Serving> =>
        project.serve(["--roles", "ingest,writer", "--port", port], {
          ...clickhouse.environment,
          MOOSE_SHARE_PORT: "true",
        });
      const running = [await start(), await start()];
      const answers = newAnswers();
      const ending = new AbortController();
      const load = {
        url: () => `http://127.0.0.1:${port}`,
        model: "Reading",
        name: "load",
        senders: 6,
        rowsPerRequest: 10,
        textBytes: 50,
        pauseMs: 20,
      };
      const loading = sendEvents(load, answers, ending.signal);
      for (let replaced = 0; replaced < 2; replaced++) {
        const before = answers.acknowledged.size;
        await expect.poll(() => answers.acknowledged.size, { timeout: LIMIT_MS }).toBeGreaterThan(before + 500);
        running.push(await start());
        const old = running.shift()!;
        expect(await old.end(), old.running.output()).toBe(exitCodes.ok);
      }
      const before = answers.acknowledged.size;
      await expect.poll(() => answers.acknowledged.size, { timeout: LIMIT_MS }).toBeGreaterThan(before + 500);
      ending.abort();
      await loading;
      expect([...answers.byStatus.keys()].filter((status) => status !== "200" && status !== "503")).toEqual([]);
      const { size } = answers.acknowledged;
      await expect
        .poll(() => clickhouse.count("Reading"), { timeout: LIMIT_MS, interval: 200 })
        .toEqual({ rows: size, ids: size });
      for (const server of running) expect(await server.end()).toBe(exitCodes.ok);
    }, 300_000);

    it("two workers share a port; one that is killed is started again", async () => {
      const port = String(await quietPort());
      const supervisor = project.run(["--workers", "2", "--port", port], clickhouse.environment);
      const ready = (): number[] =>
        [...supervisor.output().matchAll(/"message":"A worker is ready"/g)].length > 0
          ? [...supervisor.output().matchAll(/"worker":\d+,"pid":(\d+)/g)].map((match) => Number(match[1]))
          : [];
      await expect.poll(() => ready().length, { timeout: LIMIT_MS }).toBe(2);
      const url = `http://127.0.0.1:${port}`;
      const answers = newAnswers();
      const ending = new AbortController();
      const load = {
        url: () => url,
        model: "Reading",
        name: "w",
        senders: 4,
        rowsPerRequest: 5,
        textBytes: 10,
        pauseMs: 20,
      };
      const loading = sendEvents(load, answers, ending.signal);
      await expect.poll(() => answers.acknowledged.size, { timeout: LIMIT_MS }).toBeGreaterThan(200);
      process.kill(ready()[0]!, "SIGKILL");
      await expect.poll(() => ready().length, { timeout: LIMIT_MS }).toBe(3);
      const before = answers.acknowledged.size;
      await expect.poll(() => answers.acknowledged.size, { timeout: LIMIT_MS }).toBeGreaterThan(before + 200);
      ending.abort();
      await loading;
      const { size } = answers.acknowledged;
      // A request whose answer the kill took may have been stored all the same.
      await expect
        .poll(async () => (await clickhouse.count("Reading")).ids, { timeout: LIMIT_MS, interval: 200 })
        .toBeGreaterThanOrEqual(size);
      const { rows, ids } = await clickhouse.count("Reading");
      expect(rows).toBe(ids);
      supervisor.child.kill("SIGTERM");
      expect(await supervisor.exitCode).toBe(exitCodes.ok);
    }, 300_000);
  });
}
