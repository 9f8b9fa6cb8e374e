// What has to be in the log after the kills: each event's outputs once, in the order of its key, states and windows as the events make them.
import { expect } from "vitest";
import { rowsOf } from "../../server/src/model/record-rows.ts";
import type { StreamLog } from "../../server/src/ports/stream-log.ts";
import { FUNCTIONS, isRefused, PARTITIONS, partsOf } from "./functions-project.ts";

interface Numbered {
  readonly key: string;
  readonly n: number;
}

interface Input extends Numbered {
  readonly at: string;
}

interface Refused {
  readonly by: string;
  readonly event: string;
}

/** Events that some function is not done with. */
export async function lagOf(log: StreamLog): Promise<number> {
  let lag = 0;
  for (const name of FUNCTIONS) {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const { committed } = await log.progress(`functions.${name}`, "In.1.0", partition);
      lag += log.endOffset("In.1.0", partition) - committed;
    }
  }
  return lag;
}

/** `acknowledged`: the numbers of the events that were; others may have been stored, too, and are held to the same. */
export async function expectOutputsOnce(log: StreamLog, acknowledged: ReadonlySet<number>): Promise<void> {
  const inputs = await stored<Input>(log, "In.1.0");
  const present = new Set(inputs.map(({ n }) => n));
  expect([...acknowledged].filter((n) => !present.has(n))).toEqual([]);
  const copies = groupByKey(await stored<Numbered & { part: number }>(log, "Copy.1.0"));
  const counts = groupByKey(await stored<Numbered & { seen: number }>(log, "Count.1.0"));
  for (const [key, rows] of groupByKey(inputs)) {
    const ns = rows.map(({ n }) => n);
    const parts = ns
      .filter((n) => !isRefused(n))
      .flatMap((n) => Array.from({ length: partsOf(n) }, (_, part) => `${n}.${part}`));
    expect(copies.get(key)!.map(({ n, part }) => `${n}.${part}`)).toEqual(parts);
    expect(counts.get(key)!.map(({ n, seen }) => `${n} ${seen}`)).toEqual(ns.map((n, i) => `${n} ${i + 1}`));
  }
  const refused = await stored<Refused>(log, "_quarantine.1.0");
  expect(numbersOf(refused, "copy")).toEqual(ascending(inputs.map(({ n }) => n).filter(isRefused)));
  expect(numbersOf(refused, "count")).toEqual([]);
  expect(await storedTotals(log)).toEqual(windowTotals(inputs, new Set(numbersOf(refused, "windows"))));
}

async function stored<T>(log: StreamLog, stream: string): Promise<T[]> {
  if (!log.streams().includes(stream)) return [];
  const rows: T[] = [];
  for (let partition = 0; partition < log.partitions(stream); partition++) {
    for (let next = log.startOffset(stream, partition); ; ) {
      const batches = await log.read(stream, partition, next, { maxBytes: 1 << 28, maxRecords: 1 << 28 });
      const last = batches.at(-1);
      if (last === undefined) break;
      rows.push(...rowsOf(batches).map((row) => JSON.parse(row) as T));
      next = last.baseOffset + last.ends.length;
    }
  }
  return rows;
}

const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
const numbersOf = (refused: readonly Refused[], name: string): number[] =>
  ascending(refused.filter(({ by }) => by === name).map(({ event }) => (JSON.parse(event) as Numbered).n));

interface Total {
  readonly key: string;
  readonly start: number;
  readonly events: number;
  readonly sum: number;
}

const sorted = (totals: readonly Total[]): Total[] =>
  [...totals].sort((a, b) => a.start - b.start || (a.key < b.key ? -1 : 1));

async function storedTotals(log: StreamLog): Promise<Total[]> {
  const rows = await stored<{ key: string; start: string; events: number; sum: string }>(log, "Window.1.0");
  return sorted(
    rows.map(({ key, start, events, sum }) => ({ key, start: Date.parse(start), events, sum: Number(sum) })),
  );
}

/** What the windows have to hold: all events but the late ones; those of the last second are still open. */
function windowTotals(inputs: readonly Input[], late: ReadonlySet<number>): Total[] {
  const totals = new Map<string, { key: string; start: number; events: number; sum: number }>();
  for (const { key, n, at } of inputs) {
    const start = Math.floor(Date.parse(at) / 1000) * 1000;
    if (late.has(n) || start >= Date.UTC(2030)) continue;
    const total = totals.get(`${start} ${key}`) ?? { key, start, events: 0, sum: 0 };
    total.events++;
    total.sum += n;
    totals.set(`${start} ${key}`, total);
  }
  return sorted([...totals.values()]);
}

function groupByKey<T extends Numbered>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(row.key, [...(groups.get(row.key) ?? []), row]);
  return groups;
}
