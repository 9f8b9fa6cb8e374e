// A campaign: under a load that never pauses, one fault after the other, and after each a fresh event has to arrive.
import { expect } from "vitest";
import { between } from "../crash/random.ts";
import { expectExactlyOnce, isInTable } from "./oracle.ts";
import { faultedModels } from "./project.ts";
import { type Account, newAccount, payloadOf, Senders } from "./senders.ts";
import type { Fault, Setup } from "./setup.ts";

export interface CampaignOptions {
  readonly setup: Setup;
  /** Which of its faults. */
  readonly faults: readonly Fault[];
  readonly rounds: number;
  readonly random: () => number;
  /** A fresh event is to be in its table within this time once everything runs again. */
  readonly freshLimitMs: number;
  /** All tables are compared after so many rounds, and at the end. */
  readonly compareEvery: number;
  readonly report: (line: string) => void;
}

/** A process may die of a fault after it seemed to have taken it. */
const MOST_RECOVERIES = 2;

/** The first rounds go through all faults once, in a random order; later ones choose. */
export async function runCampaign(options: CampaignOptions): Promise<void> {
  const { setup, faults, rounds, random, report, compareEvery } = options;
  const order = shuffled(faults, random);
  const account = newAccount();
  for (let round = 0; round < rounds; ) {
    const name = `c${round}`;
    const senders = new Senders({ url: () => setup.urls.api, random, senders: 6, pauseMs: 20, name, account });
    const until = Math.min(rounds, round + compareEvery);
    for (; round < until; round++) {
      const fault = order[round] ?? faults[between(random, 0, faults.length)]!;
      await acknowledgedMore(senders, account, between(random, 50, 3_000));
      const begunMs = performance.now();
      const [struckMs, upMs] = await strikeOnce(options, fault, round).catch((cause) => {
        throw new Error(`round ${round + 1}, ${fault.name}: ${String(cause)}`, { cause });
      });
      const times = [struckMs - begunMs, upMs - struckMs, performance.now() - upMs].map((ms) => Math.round(ms));
      report(
        `${round + 1}/${rounds} ${fault.name}: struck for ${times[0]} ms, up after ${times[1]} ms, a fresh event in its table after ${times[2]} ms`,
      );
    }
    await senders.stop();
    await expectExactlyOnce(setup.urls, account);
    const { code, output } = await setup.audit();
    expect(code, output).toBe(0);
    report(`${round}/${rounds} compared: ${account.acknowledged} acknowledged events`);
  }
}

/** When the fault was over, and when everything ran again. Rejects when no fresh event arrives after it. */
async function strikeOnce(options: CampaignOptions, fault: Fault, round: number): Promise<[number, number]> {
  await fault.strike();
  const struckMs = performance.now();
  await options.setup.recover();
  const upMs = performance.now();
  await freshEventArrives(options, `fresh.${round}`);
  return [struckMs, upMs];
}

async function acknowledgedMore(senders: Senders, account: Account, events: number): Promise<void> {
  const wanted = account.acknowledged + events;
  await expect
    .poll(() => account.acknowledged >= wanted || senders.failure !== undefined, { timeout: 60_000, interval: 5 })
    .toBe(true);
  if (senders.failure !== undefined) throw senders.failure;
}

async function freshEventArrives({ setup, freshLimitMs }: CampaignOptions, key: string): Promise<void> {
  const model = faultedModels[0];
  let giveUpMs = performance.now() + freshLimitMs;
  let recoveries = 0;
  let said = "";
  for (let sent = false; performance.now() < giveUpMs; ) {
    try {
      if (!sent) {
        const response = await fetch(`${setup.urls.api}/ingest/${model}`, {
          method: "POST",
          headers: { "content-type": "application/json", "idempotency-key": key },
          body: JSON.stringify({ key, seq: 0, payload: payloadOf(key, 0) }),
          signal: AbortSignal.timeout(5_000),
        });
        said = `${response.status} ${await response.text()}`;
        sent = response.ok;
      } else if (await isInTable(setup.urls, model, key)) return;
    } catch (error) {
      said = String(error);
      // What died of a fault only now is started again, as a supervisor does; the time counts from then.
      await setup.recover();
      if (recoveries++ < MOST_RECOVERIES) giveUpMs = performance.now() + freshLimitMs;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no fresh event was in its table within ${freshLimitMs} ms; the last answer: ${said}`);
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const order = [...values];
  for (let i = order.length - 1; i > 0; i--) {
    const j = between(random, 0, i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
