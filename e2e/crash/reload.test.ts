// Changes the manifest again and again under a constant load, and restarts in between: no event is lost or doubled, in tables and views.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aggregation, aggregationSpec, count, max, model, modelSpec, sum, t } from "@moose/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type App, startApp } from "../../server/src/app/app.ts";
import { withDefaults } from "../../server/src/model/config.ts";
import type { Manifest } from "../../server/src/model/manifest.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
import { expectExactlyOnce } from "./expect-exactly-once.ts";
import { type Account, newAccount, runLoad } from "./load.ts";
import { between, seededRandom } from "./random.ts";

const SEED = Number(process.env.MOOSE_CRASH_SEED ?? Date.now() % 2 ** 31);

const fields = { id: t.string().key(), round: t.uint32(), value: t.uint32() };
const First = model("Reading", fields);
const WithNote = model("Reading", { ...fields, note: t.string().default("none") });
const Stricter = model("Reading", { ...fields, value: t.uint16() });
const Second = model("Reading", { ...fields, value: t.int64(), round: t.uint64() }, { version: "2.0" });
const Note = model("Note", fields);

type AnyModel = Parameters<typeof modelSpec>[0];

function manifestOf(reading: AnyModel, readingView: "plain" | "with max" | "none"): Manifest {
  const dimensions = { round: "round" } as const;
  const measures = { events: count(), total: sum("value") };
  const from = reading as typeof First;
  const views = {
    plain: [aggregation("ReadingByRound", { from, dimensions, measures })],
    "with max": [aggregation("ReadingByRound", { from, dimensions, measures: { ...measures, largest: max("value") } })],
    none: [],
  }[readingView];
  return {
    models: [modelSpec(reading), modelSpec(Note)],
    aggregations: [...views, aggregation("NoteByRound", { from: Note, dimensions, measures })].map(aggregationSpec),
  };
}

let projectDir: string;
let app: App | undefined;
let account: Account;

beforeEach(() => {
  projectDir = mkdtempSync(join(tmpdir(), "moose-reload-"));
  account = newAccount();
});
afterEach(async () => {
  await app?.stop();
  rmSync(projectDir, { recursive: true, force: true });
});

async function start(manifest: Manifest): Promise<App> {
  const config = withDefaults({ http: { port: 0 }, clickhouse: { port: 0 }, dataDir: "data" });
  app = await startApp({ config, manifest, projectDir, log: silentLog });
  return app;
}

it(`keeps every event exactly once through reloads and restarts under load (MOOSE_CRASH_SEED=${SEED})`, async () => {
  const random = seededRandom(SEED);
  /** Runs the load while each manifest is applied in turn; some thousand events are acknowledged between two of them. */
  const loadThrough = async (running: App, round: number, manifests: readonly Manifest[]): Promise<void> => {
    const enough = new AbortController();
    let wake: (() => void) | undefined;
    let acknowledged = 0;
    const loading = runLoad(
      {
        url: running.urls.api,
        round,
        senders: 4,
        rowsPerRequest: () => (random() < 0.5 ? 1 : between(random, 1, 300)),
        random,
        account,
        onAcknowledged: (events) => {
          acknowledged = events;
          wake?.();
        },
      },
      enough.signal,
    );
    const more = async (events: number): Promise<void> => {
      const wanted = acknowledged + events;
      while (acknowledged < wanted) await Promise.race([loading, new Promise<void>((resolve) => (wake = resolve))]);
    };
    for (const manifest of manifests) {
      await more(1_000);
      await running.applyManifest(manifest);
    }
    await more(1_000);
    // The old streams and the new one still have undelivered events when the next server begins.
    await running.stop();
    enough.abort();
    await loading;
  };

  await loadThrough(await start(manifestOf(First, "plain")), 0, [
    manifestOf(WithNote, "plain"),
    manifestOf(WithNote, "with max"),
    manifestOf(WithNote, "none"),
    manifestOf(Stricter, "plain"),
  ]);
  await loadThrough(await start(manifestOf(Stricter, "plain")), 1, [
    manifestOf(First, "with max"),
    manifestOf(Second, "plain"),
  ]);
  const last = await start(manifestOf(Second, "with max"));
  await expectExactlyOnce(last.urls, account);
  expect(new Set([...account.acknowledged].map((id) => id.split(".")[0]))).toEqual(new Set(["0", "1"]));
}, 120_000);
