// How long a worker that died waits for its next start: pure.

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** A worker that ran this long died of something new. */
const PROVEN_MS = 60_000;

export interface WorkerRecord {
  /** Deaths in a row, each soon after its start. */
  readonly earlyDeaths: number;
}

export const newWorkerRecord: WorkerRecord = { earlyDeaths: 0 };

/** The delay doubles from half a second to half a minute while a worker keeps dying young. */
export function afterDeath(record: WorkerRecord, ranMs: number): { record: WorkerRecord; delayMs: number } {
  const earlyDeaths = ranMs >= PROVEN_MS ? 1 : record.earlyDeaths + 1;
  return { record: { earlyDeaths }, delayMs: Math.min(LONGEST_MS, FIRST_MS * 2 ** (earlyDeaths - 1)) };
}
