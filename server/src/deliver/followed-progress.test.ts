// Progress learned from a real log, while others save it: positions, waits, commits.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLmdbStreamLog } from "../adapters/lmdb/lmdb-stream-log.ts";
import type { Catalog, CatalogState } from "../ports/catalog.ts";
import type { GroupMembership, StreamLog } from "../ports/stream-log.ts";
import { TABLE_GROUP, type TableCommit } from "../ports/table-progress.ts";
import { silentLog } from "../telemetry/log.ts";
import { type FollowedProgress, followProgress } from "./followed-progress.ts";

let folder: string;
let stream: StreamLog;
let writers: GroupMembership;
let catalog: Catalog & { show(...models: string[]): void };
let progress: FollowedProgress;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "moose-progress-"));
  stream = await openLmdbStreamLog({ path: join(folder, "log"), log: silentLog });
  for (const name of ["A.1", "A.2", "B.1"]) await stream.ensureStream(name, { partitions: 2 });
  writers = await stream.join(TABLE_GROUP, { assigned() {}, revoked: async () => {} });
  await writers.follow(["A.1", "A.2", "B.1"]);
  await stream.saveProgress(TABLE_GROUP, "A.1", 1, { committed: 7 });
  catalog = fakeCatalog();
  catalog.show("A");
  progress = followProgress({ stream, catalog, log: silentLog });
});
afterEach(async () => {
  progress.close();
  await writers.leave();
  await stream.close();
  rmSync(folder, { recursive: true });
});

/** A catalog of names alone: all that progress asks of it. */
function fakeCatalog(): typeof catalog {
  const listeners = new Set<(state: CatalogState) => void>();
  let models = new Map<string, { table: string }>();
  return {
    get state() {
      return { revision: 1, models, aggregations: new Map() } as unknown as CatalogState;
    },
    model: () => undefined,
    coreFor: () => undefined,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show(...names) {
      models = new Map(names.map((name) => [name, { table: `table ${name}` }]));
      for (const listener of listeners) listener(this.state);
    },
  };
}

const save = (name: string, partition: number, committed: number): Promise<void> =>
  stream.saveProgress(TABLE_GROUP, name, partition, { committed });

test("a wait ends when what was saved before, and what is saved later, covers it", async () => {
  await progress.waitFor(new Map([["A.1", [0, 7]]]), AbortSignal.timeout(5_000));
  let reached = false;
  const waiting = progress.waitFor(new Map([["A.1", [3, 7]]]), AbortSignal.timeout(5_000)).then(() => {
    reached = true;
  });
  await save("A.1", 0, 2);
  expect(reached).toBe(false);
  await save("A.1", 0, 3);
  await waiting;
  expect(progress.position().get("A.1")).toEqual([3, 7]);
});

test("a wait for what does not come ends with its signal", async () => {
  const ending = new AbortController();
  const waiting = progress.waitFor(new Map([["A.1", [100]]]), ending.signal);
  ending.abort();
  await expect(waiting).rejects.toMatchObject({ code: "after_timeout", retryAfterSeconds: 1 });
});

test("commits of every version of a model are told with its table; those of models that are not served are not", async () => {
  const commits: TableCommit[] = [];
  progress.onCommit((commit) => commits.push(commit));
  await save("B.1", 0, 5);
  await save("A.2", 0, 4);
  await expect.poll(() => commits.length).toBeGreaterThan(0);
  expect(commits.every(({ model, table }) => model === "A" && table === "table A")).toBe(true);
  expect(commits.at(-1)!.position.get("A.2")![0]).toBe(4);
});

test("a model that the catalog comes to name is followed from where it stands", async () => {
  await save("B.1", 1, 9);
  catalog.show("A", "B");
  await progress.waitFor(new Map([["B.1", [0, 9]]]), AbortSignal.timeout(5_000));
});

test("a read at a position is handed one that its result is sure to include", async () => {
  await progress.waitFor(new Map([["A.1", [0, 7]]]), AbortSignal.timeout(5_000));
  const position = await progress.atPosition("table A", async (at) => at);
  expect(position.get("A.1")).toEqual([0, 7]);
});
