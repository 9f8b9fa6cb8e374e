// Stream functions as a project writes them, over a real log and in real processes: what they emit, and what becomes of failures.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FunctionsFixture, numberModels } from "./test-functions.ts";

let fixture: FunctionsFixture;

const head = `import { emit, streamFunction } from "@moose/server";\nimport { In, Out } from "../models/numbers.ts";\n`;
const numbers = (count: number, from = 0): { key: string; n: number }[] =>
  Array.from({ length: count }, (_, i) => ({ key: `k${(from + i) % 5}`, n: from + i }));
const ns = (rows: readonly { n?: unknown }[]): number[] => rows.map(({ n }) => Number(n));

beforeEach(() => {
  fixture = new FunctionsFixture({ limits: { retries: 1 } });
  fixture.write("models/numbers.ts", numberModels);
});
afterEach(() => fixture.dispose());

describe("a function of one event", () => {
  it("emits none, one or many events, in the order of its input, typed as the model says", async () => {
    fixture.write(
      "functions/fan-out.ts",
      `${head}export default streamFunction({ from: In, to: [Out], run(event) {
        if (typeof event.n !== "bigint") throw new Error("n is no bigint");
        if (event.at !== null) throw new Error("at is not null");
        return Array.from({ length: Number(event.n % 3n) }, () => emit(Out, { key: event.key, n: event.n }));
      } });`,
    );
    await fixture.open();
    await fixture.send("In", numbers(300));
    const expected = numbers(300).flatMap(({ n }) => Array.from({ length: n % 3 }, () => n));
    expect(ns(await fixture.rows("Out.1.0", expected.length))).toEqual(expected);
    expect(fixture.counts.get("fan-out")).toEqual({
      taken: 300,
      emitted: 300,
      failed: 0,
      retried: 0,
      quarantined: 0,
      dropped: 0,
    });
  });

  it("takes up what was there before it, and goes on where it was when it is opened again", async () => {
    fixture.write(
      "functions/copy.ts",
      `${head}export default streamFunction({ from: In, to: [Out], run: (event) => emit(Out, { key: event.key, n: event.n }) });`,
    );
    await fixture.open();
    await fixture.send("In", numbers(10));
    await fixture.rows("Out.1.0", 10);
    await fixture.close();
    await fixture.open();
    await fixture.send("In", numbers(10, 10));
    expect(ns(await fixture.rows("Out.1.0", 20))).toEqual(numbers(20).map(({ n }) => n));
  });

  it("tries again what throws, then sets it aside with the stack in the user's file, and goes on", async () => {
    fixture.write(
      "functions/picky.ts",
      `${head}export default streamFunction({ from: In, to: [Out], retries: 2, run(event, { attempt }) {
        if (event.n === 3n && attempt < 3) throw new Error("not yet");
        if (event.n === 5n) {
          throw new RangeError("five is too much");
        }
        return emit(Out, { key: event.key, n: event.n });
      } });`,
    );
    await fixture.open();
    await fixture.send("In", numbers(8));
    expect(ns(await fixture.rows("Out.1.0", 7))).toEqual([0, 1, 2, 3, 4, 6, 7]);
    const [entry] = await fixture.quarantined(1);
    expect(entry).toMatchObject({
      source: "function",
      by: "picky",
      model: "In",
      code: "function_threw",
      stream: "In.1.0",
    });
    expect(entry!.reason).toBe("RangeError: five is too much (3 attempts)");
    expect(entry!.stack).toMatch(/functions\/picky\.ts:6:\d+/);
    expect(JSON.parse(entry!.event!)).toEqual({ key: "k0", n: 5 });
    expect(fixture.counts.get("picky")).toMatchObject({ taken: 8, emitted: 7, failed: 1, retried: 4, quarantined: 1 });
  });

  it("sets outputs aside that their model refuses, and stores the others", async () => {
    fixture.write(
      "functions/wrong.ts",
      `${head}export default streamFunction({ from: In, to: [Out], run: (event) => [
        emit(Out, { key: event.key, n: event.n }),
        emit(Out, { key: event.key, n: event.n === 1n ? "one" : event.n } as never),
      ] });`,
    );
    await fixture.open();
    await fixture.send("In", numbers(3));
    expect(ns(await fixture.rows("Out.1.0", 5))).toEqual([0, 0, 1, 2, 2]);
    const [entry] = await fixture.quarantined(1);
    expect(entry).toMatchObject({
      by: "wrong",
      model: "Out",
      code: "function_output_invalid",
      event: '{"key":"k1","n":"one"}',
    });
    expect(entry!.reason).toContain("/n: ");
    expect(entry!.reason).toContain("(from In.1.0/0/1)");
  });

  it("runs as many events at once as it says, and never two of one key", async () => {
    fixture.write(
      "functions/busy.ts",
      `${head}const running = new Map(); let most = 0; let at = 0;
      export default streamFunction({ from: In, to: [Out], concurrency: 4, async run(event, { log }) {
        if (running.has(event.key)) throw new Error("two of one key");
        running.set(event.key, true); most = Math.max(most, running.size);
        await new Promise((resolve) => setTimeout(resolve, 1 + (Number(event.n) * 7) % 5));
        running.delete(event.key);
        return emit(Out, { key: event.key, n: event.n, note: String(++at) + " " + most });
      } });`,
    );
    await fixture.open();
    await fixture.send("In", numbers(100));
    const rows = await fixture.rows<{ key: string; n: number; note: string }>("Out.1.0", 100);
    expect(ns(rows)).toEqual(numbers(100).map(({ n }) => n));
    const ended = rows.map(({ note }) => Number(note.split(" ")[0]));
    // They did overtake each other, but not within a key.
    expect(ended).not.toEqual([...ended].sort((a, b) => a - b));
    for (let key = 0; key < 5; key++) {
      const own = ended.filter((_, i) => i % 5 === key);
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
    expect(Math.max(...rows.map(({ note }) => Number(note.split(" ")[1])))).toBe(4);
  });

  it("halves a batch that keeps failing until the event that is to blame stands alone", async () => {
    fixture.write(
      "functions/batch.ts",
      `${head}export default streamFunction({ from: In, to: [Out], retries: 0, batchRows: 64, runBatch(events, { origins }) {
        if (events.length !== origins.length) throw new Error("origins");
        if (events.some(({ n }) => n === 37n)) throw new Error("thirty-seven");
        return events.map(({ key, n }) => emit(Out, { key, n, note: String(events.length) }));
      } });`,
    );
    await fixture.open();
    await fixture.send("In", numbers(64));
    expect(ns(await fixture.rows("Out.1.0", 63))).toEqual(
      numbers(64)
        .map(({ n }) => n)
        .filter((n) => n !== 37),
    );
    const entries = await fixture.quarantined(1);
    expect(entries.map(({ event }) => JSON.parse(event!).n)).toEqual([37]);
  });

  it("writes to the log under its name, and what it prints is not lost", async () => {
    fixture.write(
      "functions/talk.ts",
      `${head}export default streamFunction({ from: In, run(event, { log, id }) { log.warn("look", { id }); console.log("printed", event.n); } });`,
    );
    await fixture.open();
    await fixture.send("In", numbers(1));
    await fixture.caughtUp("talk", "In.1.0");
    await expect.poll(() => fixture.lines).toContain('warn look {"id":"In.1.0/0/0"}');
    await expect.poll(() => fixture.lines).toContain("info printed 0n");
  });
});
