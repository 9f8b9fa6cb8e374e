// Two workers on one port: whichever the kernel picks, one scrape holds the metrics of both, and health speaks for both.
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { exitCodes } from "../../server/src/cli/exit-codes.ts";
import { bundleCli, type RunningCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { quietPort, ServedProject } from "./served-project.ts";

const LIMIT_MS = 60_000;
const WAIT = { timeout: LIMIT_MS, interval: 50 };

interface Answer {
  readonly status: number;
  readonly text: string;
}

describe("two workers", { timeout: 3 * LIMIT_MS }, () => {
  let cli: NodeBundle;
  let project: ServedProject;
  let supervisor: RunningCli;
  let port: number;
  /** Pid by the worker's number. */
  let pids: Map<string, number>;

  beforeAll(async () => {
    cli = await bundleCli();
    project = new ServedProject(cli);
    port = await quietPort();
    supervisor = project.run(["--workers", "2", "--roles", "ingest", "--port", String(port)]);
    await vi.waitFor(() => expect(ready()).toBe(2), WAIT);
  }, 2 * LIMIT_MS);
  afterAll(async () => {
    await project?.close();
    await cli?.remove();
  });

  function ready(): number {
    const lines = [...supervisor.output().matchAll(/"worker":(\d+),"pid":(\d+)/g)];
    pids = new Map(lines.map(([, worker, pid]) => [worker!, Number(pid)]));
    return lines.length;
  }

  /** On a connection of its own, so that the kernel picks a worker anew. */
  function send(method: string, path: string, body = "", signal?: AbortSignal): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { "content-type": "application/x-ndjson" };
      const sent = request(
        { port, host: "127.0.0.1", method, path, headers, agent: false, ...(signal === undefined ? {} : { signal }) },
        (reply) => {
          let text = "";
          reply.setEncoding("utf8").on("data", (part: string) => {
            text += part;
          });
          reply.on("end", () => resolve({ status: reply.statusCode!, text }));
        },
      );
      sent.on("error", reject).end(body);
    });
  }

  const metrics = async (): Promise<string> => (await send("GET", "/metrics")).text;
  const accepted = (text: string): Map<string, number> =>
    new Map(
      [...text.matchAll(/^moose_ingest_events_accepted_total\{model="Reading",worker="(\d)"\} (\d+)$/gm)].map(
        ([, worker, count]) => [worker!, Number(count)],
      ),
    );

  it("are scraped at once: each series with its worker, each family once", async () => {
    let sent = 0;
    const seen = async (): Promise<number> => accepted(await metrics()).size;
    for (let round = 0; round < 50 && (await seen()) < 2; round++) {
      const rows = Array.from({ length: 3 }, () => JSON.stringify({ id: `r${sent++}`, value: 1 }));
      expect((await send("POST", "/ingest/Reading", rows.join("\n"))).status).toBe(200);
    }
    for (let scrape = 0; scrape < 10; scrape++) {
      const text = await metrics();
      const counts = accepted(text);
      expect([...counts.keys()]).toEqual(["1", "2"]);
      expect(counts.get("1")! + counts.get("2")!).toBe(sent);
      expect(text.match(/^# TYPE moose_ingest_events_accepted_total counter$/gm)).toHaveLength(1);
      for (const worker of ["1", "2"]) {
        expect(text).toContain(`moose_worker_up{worker="${worker}"} 1`);
        expect(text).toMatch(new RegExp(`^process_start_time_seconds\\{worker="${worker}"\\} \\d+`, "m"));
        expect(text).toMatch(new RegExp(`^moose_stream_append_seconds_bucket\\{.*worker="${worker}".*\\} \\d+`, "m"));
      }
      expect(text).not.toMatch(/undefined|null|\[object/);
    }
  });

  it("are ready when both are", async () => {
    const { status, text } = await send("GET", "/health/ready");
    expect(status).toBe(200);
    const { checks } = JSON.parse(text) as { checks: Record<string, { ok: boolean }> };
    const other = Object.keys(checks).find((name) => name.startsWith("worker"));
    expect(["worker 1", "worker 2"]).toContain(other);
    expect(checks[other!]).toEqual({ ok: true });
    expect(Object.keys(checks)).toEqual(["log", "idempotency", other]);
  });

  it("say which of them does not answer, and are whole again when it does, or when another is in its place", async () => {
    process.kill(pids.get("2")!, "SIGSTOP");
    const failing = { status: "failing", checks: { "worker 2": { ok: false, detail: "does not answer" } } };
    await expect.poll(async () => JSON.parse((await firstOf("/health/ready")).text), WAIT).toMatchObject(failing);
    expect((await firstOf("/health/ready")).status).toBe(503);
    const { text } = await firstOf("/metrics");
    expect(text).toContain('moose_worker_up{worker="2"} 0');
    expect([...accepted(text).keys()]).toEqual(["1"]);
    process.kill(pids.get("2")!, "SIGCONT");
    await expect.poll(async () => (await firstOf("/health/ready")).status, WAIT).toBe(200);
    process.kill(pids.get("2")!, "SIGKILL");
    await expect.poll(ready, WAIT).toBe(3);
    await expect.poll(async () => (await firstOf("/metrics")).text, WAIT).toContain('moose_worker_up{worker="2"} 1');
    supervisor.child.kill("SIGTERM");
    expect(await supervisor.exitCode).toBe(exitCodes.ok);
  });

  /** Asks on many connections at once: those that reach a worker which does not answer are given up. */
  async function firstOf(path: string): Promise<Answer> {
    const enough = new AbortController();
    const asked = Array.from({ length: 8 }, () => send("GET", path, "", enough.signal));
    try {
      return await Promise.any(asked);
    } finally {
      enough.abort();
      await Promise.allSettled(asked);
    }
  }
});
