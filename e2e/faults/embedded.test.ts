// Faults on the embedded product, at random moments under load: nothing acknowledged is lost, nothing is stored twice.
import { afterAll, beforeAll, describe, it } from "vitest";
import { seededRandom } from "../crash/random.ts";
import { runCampaign } from "./campaign.ts";
import { startEmbeddedSetup } from "./embedded-setup.ts";
import type { Setup } from "./setup.ts";

/** A long run: MOOSE_FAULT_ROUNDS=200 MOOSE_FAULT_STOP_MS=10000 MOOSE_FAULT_AWAY_MS=60000 MOOSE_FAULT_FRESH_MS=5000. */
const environment = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);
const ROUNDS = environment("MOOSE_FAULT_ROUNDS", 11);
const SEED = environment("MOOSE_FAULT_SEED", Date.now() % 2 ** 31);
const STOP_MS = environment("MOOSE_FAULT_STOP_MS", 1_500);
const AWAY_MS = environment("MOOSE_FAULT_AWAY_MS", 4_000);
const FRESH_LIMIT_MS = environment("MOOSE_FAULT_FRESH_MS", 20_000);

describe(`faults, embedded (MOOSE_FAULT_SEED=${SEED} MOOSE_FAULT_ROUNDS=${ROUNDS})`, () => {
  const random = seededRandom(SEED);
  let setup: Setup;
  beforeAll(async () => {
    setup = await startEmbeddedSetup({ random, stopMs: STOP_MS, awayMs: AWAY_MS });
  }, 120_000);
  afterAll(() => setup?.dispose());

  it(
    "keeps every acknowledged event exactly once, in order for each key",
    async () => {
      await runCampaign({
        setup,
        rounds: ROUNDS,
        random,
        freshLimitMs: FRESH_LIMIT_MS,
        compareEvery: 20,
        report: (line) => process.stderr.write(`${line}\n`),
      });
    },
    120_000 + ROUNDS * 120_000,
  );
});
