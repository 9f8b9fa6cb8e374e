// The project of the tests that kill functions: one that emits several events or throws, one with a state, one with windows.
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const KEYS = 7;
export const PARTITIONS = 2;
export const FUNCTIONS = ["copy", "count", "windows"];

/** What `copy` makes of an event: it throws at some, and emits one or more parts of each other. */
export const isRefused = (n: number): boolean => n % 89 === 13;
export const partsOf = (n: number): number => 1 + (n % 3);

const files: Readonly<Record<string, string>> = {
  "models/events.ts": `import { model, t } from "@moose/core";
const fields = { key: t.string().key(), n: t.uint32() };
export const In = model("In", { ...fields, at: t.dateTime64(3) }, { partitionKey: "key" });
export const Copy = model("Copy", { ...fields, part: t.uint32() }, { partitionKey: "key" });
export const Count = model("Count", { ...fields, seen: t.uint32() }, { partitionKey: "key" });
export const Window = model("Window", { key: t.string().key(), start: t.dateTime64(3), events: t.uint32(), sum: t.uint64() }, { partitionKey: "key" });`,
  "functions/copy.ts": `import { emit, streamFunction } from "@moose/server";
import { Copy, In } from "../models/events.ts";
export default streamFunction({ from: In, to: [Copy], concurrency: 4, batchRows: 100, retries: 0,
  run: async ({ key, n }) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (n % 89 === 13) throw new Error("not this one");
    return Array.from({ length: 1 + (n % 3) }, (_, part) => emit(Copy, { key, n, part }));
  } });`,
  "functions/count.ts": `import { emit, statefulFunction } from "@moose/server";
import { Count, In } from "../models/events.ts";
export default statefulFunction({ from: In, to: [Count], batchRows: 50, state: () => ({ seen: 0 }),
  run: ({ key, n }, context) => emit(Count, { key, n, seen: ++context.state.seen }) });`,
  "functions/windows.ts": `import { emit, tumbling, windowFunction } from "@moose/server";
import { In, Window } from "../models/events.ts";
export default windowFunction({ from: In, to: [Window], batchRows: 70, window: tumbling("1s"), eventTime: "at", state: () => ({ sum: 0 }),
  add: ({ n }, context) => { context.state.sum += n; },
  close: ({ key, start, events, state }) => emit(Window, { key, start: new Date(start), events, sum: BigInt(state.sum) }) });`,
};

/** Writes the project into a new folder; returns its path. */
export function writeProject(stream: object = {}): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "moose-functions-e2e-")));
  const config = JSON.stringify({ stream: { partitions: PARTITIONS, ...stream } });
  const all = {
    ...files,
    "moose.config.ts": `import { defineConfig } from "@moose/server";\nexport default defineConfig(${config});`,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}
