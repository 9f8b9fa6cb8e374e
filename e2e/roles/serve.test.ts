// `moose serve` as a process: roles, health, what it says when it is asked for the impossible, and how it ends.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exitCodes } from "../../server/src/cli/exit-codes.ts";
import { bundleCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { ServedProject } from "./served-project.ts";

let cli: NodeBundle;
let project: ServedProject;
beforeAll(async () => {
  cli = await bundleCli();
});
afterAll(() => cli?.remove());
beforeEach(() => {
  project = new ServedProject(cli);
});
afterEach(() => project.close());

const post = (url: string, model: string, ...ids: string[]): Promise<Response> =>
  fetch(`${url}/ingest/${model}`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: ids.map((id) => JSON.stringify({ id, value: 1 })).join("\n"),
  });

describe("one process with all roles", () => {
  it("takes events, answers queries, tells its health by name, and ends with 0", async () => {
    const server = await project.serve();
    const { position } = (await (await post(server.url, "Reading", "a", "b")).json()) as { position: string };
    const answer = await fetch(`${server.url}/query/ReadingTotal?measures=events&after=${position}`);
    expect(((await answer.json()) as { rows: unknown[] }).rows).toEqual([[1, "2"]]);
    const health = (await (await fetch(`${server.url}/health/ready`)).json()) as { checks: object };
    expect(health).toEqual({
      status: "ok",
      checks: { log: { ok: true }, clickhouse: { ok: true }, idempotency: { ok: true } },
    });
    // The lag is looked at ten times a second.
    const metrics = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text();
    await expect.poll(metrics, { timeout: 10_000 }).toContain('moose_ingest_lag_bytes{model="Reading"} 0');
    expect(await server.end()).toBe(exitCodes.ok);
    expect(server.said("Stopped")).toHaveLength(1);
  });
});

describe("roles one after the other on the embedded parts", () => {
  it("what an ingest process took is delivered and answered by a process with the other roles", async () => {
    const ingest = await project.serve(["--roles", "ingest"]);
    expect((await post(ingest.url, "Reading", "a", "b", "c")).status).toBe(200);
    const refused = await fetch(`${ingest.url}/query/ReadingTotal`);
    expect(refused.status).toBe(404);
    expect(((await refused.json()) as { detail: string }).detail).toContain("does not have the role query");
    for (const path of ["/live", "/catalog", "/openapi.json"]) {
      expect((await fetch(`${ingest.url}${path}`)).status, path).toBe(404);
    }
    const health = (await (await fetch(`${ingest.url}/health/ready`)).json()) as { checks: object };
    expect(Object.keys(health.checks)).toEqual(["log", "idempotency"]);
    expect((await fetch(`${ingest.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${ingest.url}/metrics`)).status).toBe(200);
    expect(await ingest.end()).toBe(exitCodes.ok);

    const rest = await project.serve([], { MOOSE_ROLES: "query,writer" });
    expect((await post(rest.url, "Reading", "d")).status).toBe(404);
    await expect
      .poll(
        async () =>
          (await (await fetch(`${rest.url}/query/ReadingTotal?measures=events`)).json()) as { rows: unknown[] },
      )
      .toMatchObject({ rows: [[1, "3"]] });
    expect(await rest.end()).toBe(exitCodes.ok);
  });

  it("a process that only queries says which tables are missing, and is not ready", async () => {
    const query = await project.serve(["--roles", "query"]);
    const ready = await fetch(`${query.url}/health/ready`);
    expect(ready.status).toBe(503);
    const { checks } = (await ready.json()) as { checks: { tables: { detail: string } } };
    expect(checks.tables.detail).toMatch(
      /^the table \w+ and 2 more is missing: a process with the role writer makes it$/,
    );
    expect(await query.end()).toBe(exitCodes.ok);
  });
});

describe("what cannot be", () => {
  it.each([
    [["--roles", "ingets"], {}, exitCodes.usage, '--roles: "ingets" is not a role: did you mean ingest?'],
    [["--roles", "ingest,ingest"], {}, exitCodes.usage, "--roles names the role ingest twice."],
    [["--roles", ""], {}, exitCodes.usage, "--roles names no role."],
    [[], { MOOSE_PORT: "x" }, exitCodes.usage, "MOOSE_PORT must be a whole number"],
    [["--workers", "2"], {}, exitCodes.project, "2 workers need a ClickHouse that they can share"],
  ])("%j %j ends with a sentence", async (args, env, code, message) => {
    const running = project.run(args, env);
    expect(await running.exitCode).toBe(code);
    expect(running.output()).toContain(message);
    expect(running.output()).not.toMatch(/^\s+at /m);
  });

  it("a second process with all roles on the same embedded parts ends with a sentence", async () => {
    await project.serve();
    const second = project.run(["--port", "0", "--clickhouse-port", "0"]);
    expect(await second.exitCode).toBe(exitCodes.dataFolderInUse);
  });
});
