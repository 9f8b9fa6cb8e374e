// ClickHouse's HTTP interface of the embedded engine, spoken to as curl and other clients would.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silentLog } from "../../telemetry/log.ts";
import { type EmbeddedEngine, startEmbeddedEngine } from "./embedded-engine.ts";

let engine: EmbeddedEngine;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "moose-http-"));
  engine = await startEmbeddedEngine({ dataDir: folder, port: 0, log: silentLog });
  await ask("CREATE TABLE sentinel (n UInt8) ENGINE = MergeTree ORDER BY n");
  await ask("CREATE TABLE texts (s String) ENGINE = MergeTree ORDER BY tuple()");
});
afterAll(async () => {
  await engine.stop();
  await rm(folder, { recursive: true });
});

const credentials = () => ({ "x-clickhouse-user": engine.username, "x-clickhouse-key": engine.password });

function request(search: Record<string, string>, init: RequestInit = {}): Promise<Response> {
  const url = `${engine.url}/?${new URLSearchParams(search)}`;
  return fetch(url, { ...init, headers: { ...credentials(), ...(init.headers as Record<string, string>) } });
}

async function ask(sql: string, search: Record<string, string> = {}): Promise<string> {
  const response = await request(search, { method: "POST", body: sql });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return text.trimEnd();
}

async function failure(sql: string, search: Record<string, string> = {}) {
  const response = await request(search, { method: "POST", body: sql });
  return {
    status: response.status,
    code: response.headers.get("x-clickhouse-exception-code"),
    text: await response.text(),
  };
}

describe("who may ask", () => {
  test("ping needs no password, everything else does", async () => {
    expect(await (await fetch(`${engine.url}/ping`)).text()).toBe("Ok.\n");
    for (const init of [{}, { headers: { "x-clickhouse-user": "moose", "x-clickhouse-key": "wrong" } }]) {
      const response = await fetch(`${engine.url}/?query=SELECT+1`, init);
      expect([response.status, response.headers.get("x-clickhouse-exception-code")]).toEqual([403, "516"]);
    }
  });

  test("Basic, headers and query parameters are all understood", async () => {
    const { username, password } = engine;
    const basic = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
    expect(await (await fetch(`${engine.url}/?query=SELECT+1`, { headers: basic })).text()).toBe("1\n");
    expect(
      await (
        await fetch(`${engine.url}/?${new URLSearchParams({ user: username, password, query: "SELECT 2" })}`)
      ).text(),
    ).toBe("2\n");
  });
});

describe("queries", () => {
  test("come in the URL, the body, or both, and name their format", async () => {
    expect(await (await request({ query: "SELECT 1 AS a", default_format: "JSONEachRow" })).json()).toEqual({ a: 1 });
    expect(await ask("SELECT 1, 'ü'")).toBe("1\tü");
    expect(await ask("+ 41", { query: "SELECT 1" })).toBe("42");
    const response = await request(
      { default_format: "CSV", query_id: "q-1" },
      { method: "POST", body: "SELECT 1 AS a FORMAT JSONCompact" },
    );
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(response.headers.get("x-clickhouse-format")).toBe("JSONCompact");
    expect(response.headers.get("x-clickhouse-query-id")).toBe("q-1");
    expect(JSON.parse(response.headers.get("x-clickhouse-summary")!)).toHaveProperty("elapsed_ns");
    expect(await response.json()).toMatchObject({ data: [[1]] });
  });

  test("settings, database and parameters end with their query", async () => {
    expect(
      await ask("SELECT getSetting('max_block_size'), {x:String}, currentDatabase()", {
        max_block_size: "1234",
        param_x: "it's \\\\ \\n",
        database: "system",
      }),
    ).toBe("1234\tit\\'s \\\\ \\n\tsystem");
    expect(await ask("SELECT getSetting('max_block_size') = 1234, currentDatabase()")).toBe("0\tdefault");
    expect(await failure("SELECT {x:String}")).toMatchObject({ status: 400, code: "456" });
  });

  test("large results stream, gzipped when asked", async () => {
    const sql = "SELECT number FROM numbers(300000)";
    const plain = await ask(sql);
    expect(plain.split("\n")).toHaveLength(300_000);
    const http = await import("node:http");
    const zipped = await new Promise<Buffer>((resolve, reject) => {
      const url = `${engine.url}/?enable_http_compression=1`;
      const outgoing = http.request(
        url,
        { method: "POST", headers: { ...credentials(), "accept-encoding": "gzip" } },
        (incoming) => {
          expect(incoming.headers["content-encoding"]).toBe("gzip");
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => resolve(Buffer.concat(chunks)));
        },
      );
      outgoing.on("error", reject).end(sql);
    });
    expect(gunzipSync(zipped).toString().trimEnd()).toBe(plain);
  });

  test("errors carry ClickHouse's code and status", async () => {
    expect(await failure("SELEC 1")).toMatchObject({ status: 400, code: "62" });
    expect(await failure("SELECT * FROM missing")).toMatchObject({ status: 404, code: "60" });
    expect(await failure("SELECT 1", { database: "missing" })).toMatchObject({ status: 404, code: "81" });
    expect(await failure("SELECT 1", { no_such_setting: "1" })).toMatchObject({ status: 404, code: "115" });
    expect(await failure("SELECT throwIf(1)")).toMatchObject({ status: 500, code: "395" });
    expect(await failure("SELECT 1; SELECT 2")).toMatchObject({ status: 400, code: "62" });
    expect(await failure("SELECT 1", { session_id: "s" })).toMatchObject({ status: 501, code: "48" });
    expect(await failure("SELECT 1", { "max_threads = 1, readonly": "1" })).toMatchObject({ status: 400, code: "36" });
    expect(
      (await failure("SELECT sleepEachRow(1) FROM numbers(9) SETTINGS max_block_size = 1", { max_execution_time: "1" }))
        .code,
    ).toBe("159");
    expect(
      await failure("SELECT groupArray(number) FROM numbers(100000000)", { max_memory_usage: "10000000" }),
    ).toMatchObject({ status: 500, code: "241" });
  });

  test("a result that would have to be held whole has a limit, a streamed one has none", async () => {
    const sql = "SELECT repeat('x', 1000000) FROM numbers(300) SETTINGS max_block_size = 1";
    expect(await failure(`${sql} FORMAT JSONCompact`)).toMatchObject({ code: "396" });
    const response = await request({ default_format: "RowBinary" }, { method: "POST", body: sql });
    let bytes = 0;
    for await (const chunk of response.body!) bytes += (chunk as Uint8Array).length;
    expect(bytes).toBe(300 * 1_000_003);
  });

  test("a result that breaks in the middle breaks the connection", async () => {
    const broken = ask("SELECT throwIf(number = 900000) FROM numbers(1000000) SETTINGS max_block_size = 1000");
    await expect(broken).rejects.toThrow();
  });

  test("a GET changes nothing", async () => {
    const response = await request({ query: "DROP TABLE sentinel" });
    expect(response.headers.get("x-clickhouse-exception-code")).toBe("164");
    expect((await request({ query: "INSERT INTO texts VALUES ('x')" })).ok).toBe(false);
    expect(await ask("SELECT count() FROM sentinel")).toBe("0");
  });
});

describe("inserts", () => {
  test("take their rows from the body, in any format, gzipped or not", async () => {
    await ask("CREATE TABLE rows (a UInt32, b String) ENGINE = MergeTree ORDER BY a");
    await ask("INSERT INTO rows VALUES (1, 'a;b'), (2, 'c')");
    await ask('INSERT INTO rows (b, a) FORMAT CSV\n"x\ny",3\n');
    const zipped = await request(
      { query: "INSERT INTO rows FORMAT JSONEachRow" },
      { method: "POST", body: gzipSync('{"a":4,"b":"z"}'), headers: { "content-encoding": "gzip" } },
    );
    expect(zipped.status).toBe(200);
    expect(JSON.parse(zipped.headers.get("x-clickhouse-summary")!)).toMatchObject({ written_rows: "1" });
    await ask("INSERT INTO rows SELECT 5, 'selected'");
    expect(await ask("SELECT * FROM rows ORDER BY a FORMAT JSONCompactEachRow")).toBe(
      '[1, "a;b"]\n[2, "c"]\n[3, "x\\ny"]\n[4, "z"]\n[5, "selected"]',
    );
  });

  test.each(["TSV", "CSV", "JSONEachRow", "Values", "Native", "RowBinary", "RawBLOB", "LineAsString"])(
    "what follows an empty line in %s is never run",
    async (format) => {
      const payload = "'a'\n\nDROP TABLE sentinel;\n\n;DROP TABLE sentinel\n";
      await request({ query: `INSERT INTO texts FORMAT ${format}` }, { method: "POST", body: payload });
      await request({}, { method: "POST", body: `INSERT INTO texts FORMAT ${format}\n${payload}` });
      expect(await ask("EXISTS TABLE sentinel")).toBe("1");
      expect(await readdir(join(folder, "tmp"))).toEqual([]);
    },
  );

  test("any text is stored as it is and runs nothing", async () => {
    const nasty = fc.array(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.constantFrom("\n\n", ";", "'", "\\", "--", "/*", "\0", "DROP TABLE sentinel", "$$"),
      ),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(nasty, async (parts) => {
        const text = parts.join("");
        await ask("TRUNCATE TABLE texts");
        await ask(JSON.stringify({ s: text }), { query: "INSERT INTO texts FORMAT JSONEachRow" });
        expect(JSON.parse(await ask("SELECT s FROM texts FORMAT JSONEachRow"))).toEqual({
          s: Buffer.from(text).toString(),
        });
      }),
      { numRuns: 40 },
    );
    expect(await ask("EXISTS TABLE sentinel")).toBe("1");
  });

  test("do not wait for slow queries", async () => {
    const leaving = new AbortController();
    let ended = 0;
    const slow = Array.from({ length: 8 }, () =>
      request({}, { method: "POST", body: "SELECT sleep(3)", signal: leaving.signal })
        .catch(() => {})
        .finally(() => ended++),
    );
    await ask("INSERT INTO texts VALUES ('in time')");
    expect(ended).toBe(0);
    leaving.abort();
    await Promise.all(slow);
  });
});
