// Random requests to the whole server for a bounded time: none fails it, and every reply keeps the contract. MOOSE_FUZZ_SECONDS makes it longer.
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, type OutgoingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { aggregation, aggregationSpec, avg, count, min, model, modelSpec, sum, t, time } from "@moose/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type App, startApp } from "../../server/src/app/app.ts";
import { withDefaults } from "../../server/src/model/config.ts";
import { errorKinds } from "../../server/src/model/errors.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
import { between, seededRandom } from "../crash/random.ts";

const SEED = Number(process.env.MOOSE_FUZZ_SEED ?? Date.now() % 2 ** 31);
const SECONDS = Number(process.env.MOOSE_FUZZ_SECONDS ?? 4);
const SENDERS = 8;

const Event = model("Event", {
  at: t.dateTime64(3).key(),
  kind: t.enum(["a", "b", "ü'\\"]),
  origin: t.string().lowCardinality(),
  serial: t.uint64(),
  delay: t.int16().optional(),
  ratio: t.float64().default(0.5),
  ok: t.boolean(),
  tags: t.array(t.string()),
});
const EventsByHour = aggregation("EventsByHour", {
  from: Event,
  dimensions: { hour: time("at", "hour"), origin: "origin", kind: "kind", ok: "ok", serial: "serial" },
  measures: { events: count(), total: sum("serial"), mean: avg("ratio"), first: min("at") },
});

const row = `{"at":"2026-01-02T03:04:05.678Z","kind":"a","origin":"LAX","serial":"18446744073709551615","delay":-3,"ok":true,"tags":["x","😀"]}`;
const words = [
  ..."hour origin kind ok serial events total mean first delay a b LAX true null -1 0 1e999 18446744073709551616 second year".split(
    " ",
  ),
  ..."eq neq in gt gte lt lte between like asc desc all none UTC Europe/Berlin Mars/Base % _ \\ ' ; -- \u0000 __proto__ constructor".split(
    " ",
  ),
  "2026-01-02T03:04:05Z",
  "9999-99-99",
  "\ud83d",
  "ü",
  "",
];
const parameters =
  "dimensions measures limit offset orderBy fill timezone grain grain.hour after mode filter.origin filter.hour.gt filter.kind.in filter.ok filter.serial.between filter.origin.like filter.__proto__ filter.".split(
    " ",
  );

let projectDir: string;
let app: App;
const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });

beforeAll(async () => {
  projectDir = mkdtempSync(join(tmpdir(), "moose-fuzz-"));
  app = await startApp({
    config: withDefaults({ http: { port: 0, maxBodyBytes: 100_000 }, clickhouse: { port: 0 } }),
    manifest: { models: [modelSpec(Event)], aggregations: [aggregationSpec(EventsByHour)] },
    projectDir,
    log: silentLog,
  });
});
afterAll(async () => {
  agent.destroy();
  await app?.stop();
  rmSync(projectDir, { recursive: true, force: true });
});

interface Shot {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

interface Reply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

function fire({ method, path, headers, body }: Shot): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.urls.api);
    const outgoing = request({ hostname, port, agent, method, path, headers, timeout: 15_000 }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        resolve({ status: incoming.statusCode!, headers: incoming.headers, body: Buffer.concat(chunks).toString() });
      });
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("no reply within 15 s")));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function shots(random: () => number): () => Shot {
  const pick = <T>(from: readonly T[]): T => from[between(random, 0, from.length)]!;
  const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => between(random, 0, 256)));
  const value = (): string => (random() < 0.1 ? bytes(between(random, 0, 30)).toString("latin1") : pick(words));
  const list = (): string => Array.from({ length: between(random, 1, 4) }, value).join(",");
  const mutated = (text: Buffer): Buffer => {
    const copy = Buffer.from(text);
    for (let i = between(random, 0, 4); i > 0; i--) copy[between(random, 0, copy.length)] = between(random, 0, 256);
    return random() < 0.2 ? copy.subarray(0, between(random, 0, copy.length)) : copy;
  };
  const json = (depth = 0): unknown => {
    const kind = random();
    if (depth > 4 || kind < 0.5) return pick<unknown>([value(), between(random, -5, 500), null, true, 1e300, 0.1]);
    if (kind < 0.7) return Array.from({ length: between(random, 0, 4) }, () => json(depth + 1));
    return Object.fromEntries(Array.from({ length: between(random, 0, 4) }, () => [value(), json(depth + 1)]));
  };
  const body = (): Buffer => {
    const kind = random();
    if (kind < 0.1) return bytes(between(random, 0, 2000));
    if (kind < 0.2) return Buffer.from(JSON.stringify(json()));
    const filters = { [pick(words)]: { [pick(words)]: json() } };
    if (kind < 0.5)
      return Buffer.from(
        JSON.stringify({ dimensions: ["origin"], measures: ["events"], filters, [pick(parameters)]: json() }),
      );
    const rows = Array.from({ length: between(random, 1, 5) }, () => mutated(Buffer.from(row)).toString("latin1"));
    const text = Buffer.from(
      random() < 0.5 ? rows.join("\n") : `[${rows.join(",")}]`,
      random() < 0.5 ? "latin1" : "utf8",
    );
    if (kind < 0.6) return mutated(gzipSync(text));
    return kind < 0.62 ? Buffer.alloc(150_000, `${row}\n`) : text;
  };
  const query = (): string => {
    if (random() < 0.3) return "";
    const parts = Array.from({ length: between(random, 1, 5) }, () => {
      const text = random() < 0.6 ? pick(words) : list();
      // A lone surrogate has no escape of its own.
      return `${pick(parameters)}=${random() < 0.1 ? "%f%%00%zz" : encodeURIComponent(text.replace(/[\ud800-\udfff]/g, ""))}`;
    });
    return `?${parts.join("&")}`;
  };
  const header = (): string =>
    bytes(between(random, 1, 20))
      .toString("latin1")
      .replace(/[^\t\x20-\x7e\x80-\xff]/g, "");
  return () => {
    const path = pick([
      "/ingest/Event",
      "/ingest/Event",
      "/ingest/Event/1.0",
      "/ingest/Event/2.0",
      "/ingest/Even",
      "/ingest/%00",
      "/ingest/%ff",
      "/query/EventsByHour",
      "/query/EventsByHour",
      "/query/EventsByHour",
      "/query/Nothing",
      "/query/__proto__",
      "/query/%E0%A4",
      "/live",
      "/health/live",
      "/health/ready",
      "/metrics",
      "/openapi.json",
      "/catalog",
      "/",
      "//",
      "/..%2f",
      `/${encodeURIComponent(header())}`,
    ]);
    const method = pick(["GET", "POST", "POST", "POST", "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"]);
    const headers: OutgoingHttpHeaders = { origin: "http://page.example" };
    const maybe = (name: string, choices: readonly string[], chance: number): void => {
      if (random() < chance) headers[name] = random() < 0.1 ? header() : pick(choices);
    };
    maybe(
      "content-type",
      [
        "application/json",
        "application/json",
        "application/x-ndjson",
        "application/json; charset=latin1",
        "text/plain",
      ],
      0.95,
    );
    maybe("content-encoding", ["gzip", "br", "deflate", "identity", "gzip, gzip", "compress"], 0.15);
    maybe(
      "accept",
      [
        "application/json",
        "application/x-ndjson",
        "text/csv",
        "application/vnd.apache.arrow.stream",
        "text/csv;q=x, */*;q=0",
      ],
      0.5,
    );
    maybe("idempotency-key", ["one", "two", "three", "k".repeat(300)], 0.2);
    maybe("x-request-id", ["mine", "a b", "x".repeat(200)], 0.2);
    return {
      method,
      path: `${path}${query()}`,
      headers,
      body: method === "POST" || method === "PUT" ? body() : Buffer.alloc(0),
    };
  };
}

function breachOf({ method }: Shot, { status, headers, body }: Reply): string | undefined {
  if (status >= 500) return `status ${status}`;
  if (typeof headers["x-request-id"] !== "string") return "no x-request-id";
  if (headers["access-control-allow-origin"] !== "*") return "no CORS";
  if (status < 400 || method === "HEAD") return undefined;
  if (headers["content-type"] !== "application/problem+json") return `an error as ${headers["content-type"]}`;
  const problem = JSON.parse(body) as { status?: number; code?: string; requestId?: string };
  if (problem.status !== status || !Object.hasOwn(errorKinds, problem.code ?? "")) return "a problem that is none";
  return problem.requestId === headers["x-request-id"] ? undefined : "two request ids";
}

it(
  `answers whatever comes as the contract says (MOOSE_FUZZ_SEED=${SEED})`,
  async () => {
    const until = performance.now() + SECONDS * 1000;
    const statuses = new Map<number, number>();
    const breaches: string[] = [];
    const send = async (sender: number): Promise<void> => {
      const next = shots(seededRandom(SEED + sender));
      while (performance.now() < until && breaches.length < 10) {
        const shot = next();
        const told = `${shot.method} ${shot.path} ${JSON.stringify(shot.headers)} ${shot.body.toString("latin1").slice(0, 400)}`;
        try {
          const reply = await fire(shot);
          statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
          const breach = breachOf(shot, reply);
          if (breach !== undefined) breaches.push(`${breach}: ${told} → ${reply.body.slice(0, 300)}`);
        } catch (error) {
          breaches.push(`${error}: ${told}`);
        }
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)));
    expect(breaches).toEqual([]);
    for (const status of [200, 204, 400, 404, 405, 415, 426])
      expect(statuses.get(status) ?? 0, `${status}`).toBeGreaterThan(0);
    expect((await fetch(`${app.urls.api}/health/ready`)).status).toBe(200);
  },
  30_000 + SECONDS * 2000,
);
