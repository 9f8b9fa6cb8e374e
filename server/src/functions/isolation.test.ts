// A function that hangs, eats memory, ends its process or cannot be loaded: what it does to its own stream, and that others go on.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FunctionsFixture, numberModels } from "./test-functions.ts";

let fixture: FunctionsFixture;

const head = `import { emit, streamFunction } from "@moose/server";\nimport { In, Out } from "../models/numbers.ts";\n`;
const numbers = (count: number, from = 0): { key: string; n: number }[] =>
  Array.from({ length: count }, (_, i) => ({ key: `k${(from + i) % 5}`, n: from + i }));

/** Copies, but does `deed` at the event 5. */
const culprit = (deed: string, options = ""): string => `${head}
const kept = [];
export default streamFunction({ from: In, to: [Out], retries: 1, ${options} async run(event) {
  if (event.n === 5n) { ${deed} }
  return emit(Out, { key: event.key, n: event.n, note: "culprit" });
} });`;

const bystander = `${head}export default streamFunction({ from: In, to: [Out], run: (event) => emit(Out, { key: event.key, n: event.n, note: "bystander" }) });`;

beforeEach(async () => {
  fixture = new FunctionsFixture();
  fixture.write("models/numbers.ts", numberModels);
  fixture.write("functions/bystander.ts", bystander);
});
afterEach(() => fixture.dispose());

const deeds: readonly [what: string, deed: string, code: string, options?: string][] = [
  ["hangs in a loop", "for (;;) {}", "function_deadline", "deadlineMs: 250,"],
  ["never settles", "await new Promise(() => {});", "function_deadline", "deadlineMs: 250, concurrency: 3,"],
  ["fills its heap with objects", "for (;;) kept.push({ x: Math.random() });", "function_memory", "memoryMb: 32,"],
  // V8 ends the whole process here, whatever the limits of the thread are.
  ["asks for one array larger than its heap", "new Array(3e8).fill(0);", "function_memory", "memoryMb: 32,"],
  [
    "fills memory outside of its heap",
    "for (;;) { kept.push(Buffer.alloc(8e6, 1)); await new Promise((resolve) => setTimeout(resolve, 1)); }",
    "function_memory",
    "memoryMb: 32, deadlineMs: 60_000,",
  ],
  ["ends its process", "process.exit(0);", "function_ended"],
  ["kills its process", 'process.kill(process.pid, "SIGKILL");', "function_ended"],
];

describe("a function that", () => {
  it.each(deeds)("%s loses only the event at which it does so", async (_, deed, code, options) => {
    fixture.write("functions/culprit.ts", culprit(deed, options));
    await fixture.open();
    await fixture.send("In", numbers(12));
    await fixture.caughtUp("culprit", "In.1.0");
    const rows = await fixture.rows<{ n: number; note: string }>("Out.1.0", 12 + 11);
    const of = (note: string): number[] => rows.filter((row) => row.note === note).map(({ n }) => Number(n));
    expect(of("bystander")).toEqual(numbers(12).map(({ n }) => n));
    expect(of("culprit")).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
    const entries = await fixture.quarantined(1);
    expect(entries.map(({ by, event }) => [by, JSON.parse(event!).n])).toEqual([["culprit", 5]]);
    expect(entries[0]!.code).toBe(code);
  });

  it("throws when it is loaded keeps its events waiting until it is mended; the others run", async () => {
    const good = culprit("");
    fixture.write("functions/culprit.ts", good);
    await fixture.open();
    await fixture.caughtUp("culprit", "In.1.0");
    // Only in its process: a mistake that loading the project finds never gets so far.
    fixture.write(
      "functions/culprit.ts",
      `import { workerData } from "node:worker_threads"; if (workerData.name === "culprit") throw new Error("no database");\n${good}`,
    );
    await fixture.apply();
    await fixture.send("In", numbers(3));
    await fixture.caughtUp("bystander", "In.1.0");
    await vi.waitFor(() => expect(fixture.lines.join("\n")).toMatch(/cannot be started[\s\S]*no database/), {
      timeout: 10_000,
    });
    expect((await fixture.stored<{ note: string }>("Out.1.0")).map(({ note }) => note)).not.toContain("culprit");
    fixture.write("functions/culprit.ts", good);
    await fixture.apply();
    await fixture.caughtUp("culprit", "In.1.0");
    expect(await fixture.rows("Out.1.0", 6)).toHaveLength(6);
  });
});
