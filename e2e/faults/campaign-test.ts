// A campaign as a test: its length and its pauses come from the environment, its seed is in its name.
import { afterAll, beforeAll, describe, it } from "vitest";
import { seededRandom } from "../crash/random.ts";
import { runCampaign } from "./campaign.ts";
import type { Setup } from "./setup.ts";

export interface CampaignSetupOptions {
  readonly random: () => number;
  readonly stopMs: number;
  readonly awayMs: number;
}

const environment = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

/**
 * As CI runs it, it is short. A long run:
 * `MOOSE_FAULT_ROUNDS=200 MOOSE_FAULT_STOP_MS=10000 MOOSE_FAULT_AWAY_MS=60000 MOOSE_FAULT_FRESH_MS=5000 npx vitest run e2e/faults`.
 * `MOOSE_FAULT_ONLY=SIGKILL` takes only the faults whose names match.
 */
export function campaignTest(
  name: string,
  start: (options: CampaignSetupOptions) => Promise<Setup>,
  shortRounds = 10,
): void {
  const rounds = environment("MOOSE_FAULT_ROUNDS", shortRounds);
  const seed = environment("MOOSE_FAULT_SEED", Date.now() % 2 ** 31);
  const awayMs = environment("MOOSE_FAULT_AWAY_MS", 4_000);
  const only = new RegExp(process.env.MOOSE_FAULT_ONLY ?? "");

  describe(`faults, ${name} (MOOSE_FAULT_SEED=${seed} MOOSE_FAULT_ROUNDS=${rounds})`, () => {
    const random = seededRandom(seed);
    let setup: Setup;
    let passed = false;
    beforeAll(async () => {
      setup = await start({ random, stopMs: environment("MOOSE_FAULT_STOP_MS", 1_500), awayMs });
    }, 180_000);
    afterAll(async () => {
      if (!passed && setup !== undefined) process.stderr.write(`data and logs are kept in ${setup.folder}\n`);
      await setup?.dispose(!passed);
    }, 60_000);

    it(
      "keeps every acknowledged event exactly once, in order for each key",
      async () => {
        await runCampaign({
          setup,
          faults: setup.faults.filter((fault) => only.test(fault.name)),
          rounds,
          random,
          freshLimitMs: environment("MOOSE_FAULT_FRESH_MS", 20_000),
          compareEvery: 20,
          report: (line) => process.stderr.write(`${line}\n`),
        });
        passed = true;
      },
      180_000 + rounds * (awayMs + 120_000),
    );
  });
}
