// Quarantine in the whole server, with its real engine, log and HTTP: what refused events leave behind, and how they go back.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aggregation, aggregationSpec, count, model, modelSpec, t } from "@moose/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withDefaults } from "../model/config.ts";
import type { Manifest } from "../model/manifest.ts";
import type { EntryPage, QuarantineEntry, ReplayResult } from "../ports/quarantine-desk.ts";
import { silentLog } from "../telemetry/log.ts";
import { type App, startApp } from "./app.ts";

const manifestOf = (value: typeof t.uint8 | typeof t.string, keeps = true): Manifest => {
  const Reading = model("Reading", { id: t.string().key(), value: value() });
  const Other = model("Other", { id: t.string().key() });
  const Kept = model("Kept", { id: t.string().key() }, { quarantine: keeps });
  const NotKept = model("NotKept", { id: t.string().key() }, { quarantine: !keeps });
  const Readings = aggregation("Readings", { from: Reading, dimensions: { id: "id" }, measures: { events: count() } });
  const models = [Reading, Other, Kept, NotKept].map((defined) => modelSpec(defined));
  return { models, aggregations: [aggregationSpec(Readings)] };
};
const strict = manifestOf(t.uint8);
/** The fix: a wider type. */
const loose = manifestOf(t.string);

let folder: string;
let app: App;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "moose-quarantine-"));
  app = await startApp({
    config: withDefaults({ http: { port: 0 }, clickhouse: { port: 0 }, ingest: { quarantine: ["Other", "NotKept"] } }),
    manifest: strict,
    projectDir: folder,
    log: silentLog,
  });
});
afterAll(async () => {
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(app.urls.api + path, init);
  const body = await response.text();
  expect([path, response.status, body]).toEqual([path, 200, expect.anything()]);
  return JSON.parse(body) as T;
}

interface Reply {
  readonly accepted: number;
  readonly rejected: number;
  readonly quarantined?: number;
}

async function send(path: string, body: string | Uint8Array, type = "application/x-ndjson"): Promise<Reply> {
  const init = { method: "POST", headers: { "content-type": type }, body: body as string };
  return (await fetch(`${app.urls.api}/ingest/${path}`, init)).json() as Promise<Reply>;
}

const json = { "content-type": "application/json" };
const list = (query = "") => ask<EntryPage>(`/quarantine?${query}`);
const find = (id: string) => ask<QuarantineEntry>(`/quarantine/${id}`);
const replay = async (ids: readonly string[], dryRun = false) => {
  const init = { method: "POST", headers: json, body: JSON.stringify({ ids, dryRun }) };
  return (await ask<{ results: ReplayResult[] }>("/quarantine/replay", init)).results;
};
const sql = async (query: string): Promise<string> => {
  const { origin, username, password } = new URL(app.urls.clickhouse);
  const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
  const response = await fetch(`${origin}/?database=moose`, { method: "POST", headers, body: query });
  const text = await response.text();
  expect([query, response.status, text]).toEqual([query, 200, text]);
  return text.trim();
};
const entriesOf = async (model: string) => (await list(`model=${model}&order=oldest`)).entries;
/** Until the table has what was sent. */
const rowsOf = (where: string, wanted: string) =>
  expect.poll(() => sql(`SELECT count() FROM Reading WHERE ${where}`), { timeout: 15_000 }).toBe(wanted);

describe("rows that ingest refuses", () => {
  it("are kept when the request asks for it, byte for byte, each with its own reason", async () => {
    const rows = [
      Buffer.from('{"id":"good","value":1}'),
      Buffer.from('{"id":"late","value":"300"}'),
      Buffer.from("not json at all"),
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x00, 0x7d]),
      Buffer.from('{"id":"twice","value":-1,"other":"é☃😀"}'),
    ];
    const body = Buffer.concat(rows.map((row) => Buffer.concat([row, Buffer.from("\n")])));
    expect(await send("Reading", body)).not.toHaveProperty("quarantined");
    expect(await send("Reading?quarantine=true", body)).toMatchObject({ accepted: 1, rejected: 4, quarantined: 4 });

    const entries = await entriesOf("Reading");
    expect(entries).toHaveLength(4);
    for (const { id } of entries) expect(id).toMatch(/^[0-9a-f]{24}$/);
    const full = await Promise.all(entries.map(({ id }) => find(id)));
    const bytes = full.map(({ encoding, event }) => Buffer.from(event, encoding as BufferEncoding).toString("hex"));
    expect(new Set(bytes)).toEqual(new Set(rows.slice(1).map((row) => row.toString("hex"))));
    const byText = (text: string) => full.find(({ event }) => event.includes(text))!;
    expect(byText("late")).toMatchObject({
      source: "ingest",
      model: "Reading",
      version: "1.0",
      stream: "Reading.1.0",
      code: "wrong_type",
      encoding: "utf8",
      partition: null,
      offset: null,
      replayedAt: null,
      errors: [{ path: "/value", code: "wrong_type", got: '"300"' }],
    });
    expect(byText("late").reason).toContain("/value: expected");
    expect(byText("twice").errors.map(({ code }) => code)).toEqual(["out_of_range", "unknown_field"]);
    expect(byText("not json").code).toBe("invalid_json");
    expect(full.filter(({ encoding }) => encoding === "base64")).toMatchObject([{ bytes: 6 }]);
    // The same by SQL.
    const table =
      "SELECT hex(if(encoding = 'base64', base64Decode(event), event)) FROM _quarantine ORDER BY 1 FORMAT TSV";
    expect((await sql(table)).toLowerCase().split("\n")).toEqual(
      rows
        .slice(1)
        .map((row) => row.toString("hex"))
        .sort(),
    );
  });

  it("are kept as the model says, whatever the configuration does, and after a reload as it says then", async () => {
    const bad = '{"id":1}\n';
    expect(await send("Kept", bad)).toMatchObject({ rejected: 1, quarantined: 1 });
    expect(await send("Kept?quarantine=false", bad)).not.toHaveProperty("quarantined");
    expect(await send("NotKept", bad)).not.toHaveProperty("quarantined");
    expect(await send("NotKept?quarantine=true", bad)).toMatchObject({ rejected: 1, quarantined: 1 });
    expect((await app.applyManifest(manifestOf(t.uint8, false))).changes).toEqual([]);
    expect(await send("Kept", bad)).not.toHaveProperty("quarantined");
    expect(await send("NotKept", bad)).toMatchObject({ rejected: 1, quarantined: 1 });
    await app.applyManifest(strict);
    expect(await send("Kept", bad)).toMatchObject({ rejected: 1, quarantined: 1 });
    const reasons = (await entriesOf("Kept")).map(({ code }) => code);
    expect(reasons).toEqual(["wrong_type", "wrong_type"]);
  });

  it("are kept by the configuration, and not when a request says no, nor when it is refused whole", async () => {
    const bad = '{"id":1}\n';
    expect(await send("Other", bad)).toMatchObject({ rejected: 1, quarantined: 1 });
    expect(await send("Other?quarantine=false", bad)).not.toHaveProperty("quarantined");
    expect(await send("Other?mode=atomic", bad)).not.toHaveProperty("quarantined");
    expect(await send("Other?mode=dry-run", bad)).not.toHaveProperty("quarantined");
    expect(await send("Other", '[{"id":1},{"id":"fine"},{"id":[2,\n{}]}]', "application/json")).toMatchObject({
      accepted: 1,
      quarantined: 2,
    });
    expect(await entriesOf("Other")).toHaveLength(3);
  });

  it("are not kept twice when a request with ids comes again", async () => {
    const headers = { "content-type": "application/x-ndjson", "moose-event-ids": "0123456789abcdef;1-2" };
    const init = { method: "POST", headers, body: '{"id":"with ids"}\n{"bad":true}\n' };
    for (const duplicates of [0, 1]) {
      const response = await fetch(`${app.urls.api}/ingest/Other`, init);
      expect(await response.json()).toMatchObject({
        accepted: 1 - duplicates,
        duplicates,
        rejected: 1,
        quarantined: 1,
      });
    }
    expect(await entriesOf("Other")).toHaveLength(4);
    expect((await list("model=Other")).total).toBe(4);
  });
});

describe("a replay", () => {
  it("refuses what still does not fit, says why, and leaves no trace of it", async () => {
    const ids = (await entriesOf("Reading")).map(({ id }) => id);
    for (const dryRun of [true, false, false]) {
      const results = await replay(ids, dryRun);
      expect(results.map(({ id, outcome }) => [id, outcome])).toEqual(ids.map((id) => [id, "refused"]));
      expect(results.flatMap(({ errors = [] }) => errors.map(({ path }) => path))).toContain("/value");
    }
    expect((await list("model=Reading&replayed=true")).total).toBe(0);
  });

  it("puts back, after the fix, what fits now, once, however many ask for it at the same time", async () => {
    await app.applyManifest(loose);
    const entries = await entriesOf("Reading");
    const ids = entries.map(({ id }) => id);
    const outcomes = async (dryRun: boolean) => (await replay(ids, dryRun)).map(({ outcome }) => outcome).sort();
    expect(await outcomes(true)).toEqual(["refused", "refused", "refused", "valid"]);
    await rowsOf("id = 'late'", "0");
    const runs = await Promise.all([outcomes(false), outcomes(false), outcomes(false)]);
    for (const run of runs) expect(run.filter((outcome) => outcome === "refused")).toHaveLength(3);
    expect(runs.flat().filter((outcome) => outcome.endsWith("replayed"))).toHaveLength(3);
    await rowsOf("id = 'late' AND value = '300'", "1");
    expect(await outcomes(false)).toEqual(["already_replayed", "refused", "refused", "refused"]);
    await rowsOf("id = 'late'", "1");
    const gone = (await list("model=Reading&replayed=true")).entries;
    expect(gone).toHaveLength(1);
    expect(Date.parse(gone[0]!.replayedAt!)).toBeGreaterThan(Date.parse(gone[0]!.quarantinedAt));
    expect((await list("model=Reading&replayed=false")).total).toBe(3);
  });

  it("gives events of the table back to it once it takes them", async () => {
    await sql("ALTER TABLE Reading ADD CONSTRAINT no_seven CHECK value != '7'");
    expect(await send("Reading", '{"id":"a","value":"6"}\n{"id":"b","value":"7"}\n')).toMatchObject({ accepted: 2 });
    await expect.poll(() => entriesOf("Reading").then((all) => all.length), { timeout: 15_000 }).toBe(5);
    const [entry] = (await list("source=table")).entries;
    expect(entry).toMatchObject({ model: "Reading", code: "table_refused", partition: 0, stream: "Reading.1.0" });
    expect((await find(entry!.id)).event).toBe('{"id":"b","value":"7"}');
    await sql("ALTER TABLE Reading DROP CONSTRAINT no_seven");
    expect(await replay([entry!.id])).toEqual([{ id: entry!.id, outcome: "replayed" }]);
    await rowsOf("id = 'b'", "1");
    expect(await replay([entry!.id])).toEqual([{ id: entry!.id, outcome: "already_replayed" }]);
  });

  it("knows no entry of another id", async () => {
    const id = "0".repeat(24);
    expect(await replay([id])).toEqual([{ id, outcome: "not_found" }]);
    expect((await fetch(`${app.urls.api}/quarantine/${id}`)).status).toBe(404);
    expect((await fetch(`${app.urls.api}/quarantine/nonsense`)).status).toBe(404);
  });
});

describe("the list", () => {
  it("goes page by page in either order, and filters", async () => {
    const rows = Array.from({ length: 250 }, (_, n) => `{"id":${n}}`);
    await Promise.all([rows.slice(0, 120), rows.slice(120)].map((some) => send("Other", `${some.join("\n")}\n`)));
    for (const order of ["newest", "oldest"]) {
      const seen: string[] = [];
      let page = await list(`model=Other&limit=40&order=${order}`);
      expect(page.total).toBe(254);
      for (;;) {
        seen.push(...page.entries.map(({ quarantinedAt, id }) => `${quarantinedAt} ${id}`));
        if (page.next === undefined) break;
        page = await list(`model=Other&limit=40&order=${order}&after=${page.next}`);
        expect(page).not.toHaveProperty("total");
      }
      expect(new Set(seen).size).toBe(254);
      const sorted = [...seen].sort();
      expect(seen).toEqual(order === "newest" ? sorted.reverse() : sorted);
    }
    expect((await list("code=unknown_field&model=Other")).total).toBe(1);
    expect((await list("source=function")).total).toBe(0);
    const middle = (await list("model=Other&limit=100")).entries.at(-1)!.quarantinedAt;
    const [since, until] = await Promise.all([
      list(`model=Other&since=${middle}`),
      list(`model=Other&until=${middle}`),
    ]);
    expect(since.total! + until.total!).toBe(254);
  });

  it.each([
    "limit=0",
    "limit=1001",
    "order=best",
    "source=me",
    "since=yesterday",
    "after=x",
    "nonsense=1",
    "model=a&model=b",
  ])("refuses %s", async (query) => {
    const response = await fetch(`${app.urls.api}/quarantine?${query}`);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, "invalid_parameter"]);
  });

  it("reads a cursor that begins with zeros", async () => {
    expect((await list("order=oldest&after=00-000000000000000000000000")).entries.length).toBeGreaterThan(0);
  });

  it.each(["", "[]", '{"ids":[]}', '{"ids":["x"]}', '{"ids":["000000000000000000000000"],"dryRun":1}', '{"all":true}'])(
    "refuses the replay %j",
    async (body) => {
      const response = await fetch(`${app.urls.api}/quarantine/replay`, { method: "POST", headers: json, body });
      expect(response.status).toBe(400);
    },
  );
});

it("keeps its own models from clients, and shows them in the catalog", async () => {
  const response = await fetch(`${app.urls.api}/ingest/_quarantine`, { method: "POST", body: "{}" });
  const problem = (await response.json()) as { detail: string };
  expect(response.status).toBe(415);
  const named = await send("_quarantine", "{}\n");
  expect(named).toMatchObject({
    code: "unknown_model",
    detail: expect.stringContaining("The project has: Kept, NotKept, Other, Reading."),
  });
  expect(problem.detail).not.toContain("_quarantine");
  const { models } = await ask<{ models: { name: string; system: boolean }[] }>("/catalog");
  expect(models.map(({ name, system }) => [name, system])).toEqual([
    ["Reading", false],
    ["Other", false],
    ["Kept", false],
    ["NotKept", false],
    ["_quarantine", true],
    ["_quarantine_replay", true],
  ]);
  expect(JSON.stringify(await ask("/openapi.json"))).not.toContain("/ingest/_quarantine");
});
