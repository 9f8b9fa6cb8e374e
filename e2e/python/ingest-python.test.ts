// The ingest SDK for Python against the real server: its suite, and processes killed at random whose queue in a file loses and doubles nothing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countTests, pythonEnvironment } from "../../scripts/steps/python.mjs";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { expectExactlyOnce } from "../crash/expect-exactly-once.ts";
import { type Account, newAccount } from "../crash/load.ts";
import { between, seededRandom } from "../crash/random.ts";
import { freePort } from "../faults/free-port.ts";
import { bundleServer, RunningServer } from "./running-server.ts";

const ROUNDS = Number(process.env.MOOSE_CRASH_ROUNDS ?? 3);
const SEED = Number(process.env.MOOSE_CRASH_SEED ?? Date.now() % 2 ** 31);
const SUITE_LIMIT_MS = 300_000;
const PROMISED_LIMIT_MS = 30_000;
const sdk = fileURLToPath(new URL("../../sdks/ingest-python", import.meta.url));
const environment = pythonEnvironment();
// Where there is no Python nothing of this can run; CI has one.
const withPython = describe.skipIf(environment.python === undefined && process.env.CI === undefined);

withPython(`the SDK for Python (MOOSE_CRASH_SEED=${SEED} MOOSE_CRASH_ROUNDS=${ROUNDS})`, () => {
  const folder = mkdtempSync(join(tmpdir(), "moose-ingest-python-"));
  const projectDir = join(folder, "project");
  const models = join(folder, "moose-models.json");
  let bundle: NodeBundle;
  let server: RunningServer;
  let port: number;

  beforeAll(async () => {
    mkdirSync(projectDir);
    bundle = await bundleServer();
    port = await freePort();
    server = await RunningServer.start(bundle, projectDir, port);
    writeFileSync(models, await (await fetch(`${server.urls.api}/catalog`)).text());
  });
  afterAll(async () => {
    await server?.kill();
    bundle?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const python = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    spawn(environment.python!, args, {
      cwd: sdk,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, PYTHONPATH: `src${delimiter}tests_with_server`, PYTHONDONTWRITEBYTECODE: "1", ...env },
    });

  it(
    "passes its suite",
    async () => {
      const report = join(folder, "report.xml");
      const run = python(
        [
          "-m",
          "pytest",
          "-q",
          "-p",
          "no:cacheprovider",
          "-p",
          "server_fixtures",
          `--junitxml=${report}`,
          "tests_with_server",
        ],
        {
          MOOSE_URL: server.urls.api,
          MOOSE_CLICKHOUSE_URL: server.urls.clickhouse,
        },
      );
      const [code] = await once(run, "exit", { signal: AbortSignal.timeout(SUITE_LIMIT_MS) });
      const counts = countTests(existsSync(report) ? readFileSync(report, "utf8") : "");
      expect({ code, failed: counts.failed }).toEqual({ code: 0, failed: 0 });
      expect(counts.passed).toBeGreaterThan(8);
    },
    SUITE_LIMIT_MS,
  );

  it(
    "keeps what its queue promised exactly once, over the deaths of two processes that share it and of the server",
    async () => {
      const random = seededRandom(SEED);
      const queue = join(folder, "queue.db");
      const ledger = join(folder, "ledger");
      for (let round = 0; round < ROUNDS; round++) {
        const before = promises(ledger).acknowledged.size;
        const producers = ["left", "right"].map((name) =>
          python(["tests/produce.py", server.urls.api, models, queue, ledger, String(round), name]),
        );
        await expect
          .poll(() => promises(ledger).acknowledged.size, { timeout: PROMISED_LIMIT_MS, interval: 50 })
          .toBeGreaterThan(before + between(random, 1, 2000));
        if (random() < 0.5) {
          await server.kill();
          server = await RunningServer.start(bundle, projectDir, port);
        }
        for (const producer of random() < 0.5 ? producers : producers.reverse()) {
          const gone = once(producer, "exit");
          producer.kill("SIGKILL");
          await gone;
        }
      }
      const drain = `import sys; from moose_ingest import create_ingest, load_models
with create_ingest(sys.argv[1], list(load_models(sys.argv[2]).values()), queue_path=sys.argv[3]) as ingest:
    print("left by the killed:", ingest.metrics.queued_events)
    ingest.flush(); assert ingest.metrics.queued_events == 0`;
      const [code] = await once(python(["-c", drain, server.urls.api, models, queue]), "exit");
      expect(code).toBe(0);
      await expectExactlyOnce(server.urls, promises(ledger), ["Reading"]);
    },
    60_000 + ROUNDS * 60_000,
  );
});

/** What the producers meant to send, and what their queue promised. A line that death cut short is none. */
function promises(ledger: string): Account {
  const account = newAccount();
  if (!existsSync(ledger)) return account;
  for (const line of readFileSync(ledger, "utf8").split("\n").slice(0, -1)) {
    if (line.startsWith("a ")) account.acknowledged.add(line.slice(2));
    else {
      const event = JSON.parse(line.slice(2)) as { id: string; round: number; value: number };
      account.sent.set(event.id, { ...event, model: "Reading" });
    }
  }
  return account;
}
