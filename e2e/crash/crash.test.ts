// Kills the server, or the engine under it, in the middle of a load, again and again: every acknowledged event is in its table exactly once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from "vitest";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { expectExactlyOnce } from "./expect-exactly-once.ts";
import { type Account, newAccount, runLoad } from "./load.ts";
import { between, seededRandom } from "./random.ts";
import { ServerUnderTest } from "./server-under-test.ts";

const ROUNDS = Number(process.env.MOOSE_CRASH_ROUNDS ?? 3);
const SEED = Number(process.env.MOOSE_CRASH_SEED ?? Date.now() % 2 ** 31);

describe(`crash (MOOSE_CRASH_SEED=${SEED} MOOSE_CRASH_ROUNDS=${ROUNDS})`, () => {
  const random = seededRandom(SEED);
  let bundle: NodeBundle;
  let projectDir: string;
  let server: ServerUnderTest | undefined;
  let account: Account;

  beforeAll(async () => {
    bundle = await ServerUnderTest.bundle();
  });
  afterAll(() => bundle?.remove());
  beforeEach(() => {
    projectDir = mkdtempSync(join(tmpdir(), "moose-crash-"));
    account = newAccount();
  });
  afterEach(async () => {
    await server?.kill();
    rmSync(projectDir, { recursive: true, force: true });
  });

  it(
    "keeps every acknowledged event exactly once when the server is killed",
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        server = await ServerUnderTest.start(bundle, projectDir);
        await loadUntil(server, round, between(random, 500, 20_000), () => server!.kill());
      }
      server = await ServerUnderTest.start(bundle, projectDir);
      await expectExactlyOnce(server.urls, account);
      await server.stop();
    },
    60_000 + ROUNDS * 30_000,
  );

  it(
    "keeps every acknowledged event exactly once when engine and server are killed one after the other",
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        server = await ServerUnderTest.start(bundle, projectDir);
        await loadUntil(server, round, between(random, 500, 20_000), async () => {
          await server!.killEngine();
          await server!.kill();
        });
      }
      server = await ServerUnderTest.start(bundle, projectDir);
      await expectExactlyOnce(server.urls, account);
      await server.stop();
    },
    60_000 + ROUNDS * 30_000,
  );

  it(
    "keeps every acknowledged event exactly once when the server is told to stop",
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        server = await ServerUnderTest.start(bundle, projectDir);
        await loadUntil(server, round, between(random, 500, 20_000), () => server!.stop());
      }
      server = await ServerUnderTest.start(bundle, projectDir);
      await expectExactlyOnce(server.urls, account);
      await server.stop();
    },
    60_000 + ROUNDS * 30_000,
  );

  it(
    "keeps every acknowledged event exactly once when the engine alone is killed",
    async () => {
      server = await ServerUnderTest.start(bundle, projectDir);
      for (let round = 0; round < ROUNDS; round++) {
        await loadUntil(server, round, between(random, 500, 20_000), () => server!.killEngine());
      }
      await expectExactlyOnce(server.urls, account);
      await server.stop();
    },
    60_000 + ROUNDS * 30_000,
  );

  /** Runs the load; breaks something once `count` events are acknowledged, then lets the load end. */
  async function loadUntil(target: ServerUnderTest, round: number, count: number, breakIt: () => Promise<void>) {
    const enough = new AbortController();
    let broken: Promise<void> | undefined;
    await runLoad(
      {
        url: target.urls.api,
        round,
        senders: 4,
        rowsPerRequest: () => (random() < 0.5 ? 1 : between(random, 1, 600)),
        random,
        account,
        onAcknowledged: (acknowledged) => {
          if (acknowledged >= count) broken ??= breakIt();
          // Some requests meet the broken part, before the round is over.
          if (acknowledged >= count + 2000) enough.abort();
        },
      },
      enough.signal,
    );
    if (broken === undefined) throw new Error("the server went away before it was killed");
    await broken;
  }
});
