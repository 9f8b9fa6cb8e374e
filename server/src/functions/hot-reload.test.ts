// A function that changes while it runs: new code from the next slice on, nothing lost, nothing twice, and no other function touched.
import { afterEach, beforeEach, expect, it } from "vitest";
import { FunctionsFixture, numberModels } from "./test-functions.ts";

let fixture: FunctionsFixture;

const head = `import { emit, statefulFunction, streamFunction } from "@moose/server";\nimport { In, Out } from "../models/numbers.ts";\n`;
const numbers = (count: number, from = 0): { key: string; n: number }[] =>
  Array.from({ length: count }, (_, i) => ({ key: `k${(from + i) % 5}`, n: from + i }));
const copy = (
  note: string,
  before = "",
): string => `${head}export default streamFunction({ from: In, to: [Out], batchRows: 20,
  async run(event) { ${before} return emit(Out, { key: event.key, n: event.n, note: "${note}" }); } });`;

interface Row {
  readonly n: string;
  readonly note: string;
}

beforeEach(() => {
  fixture = new FunctionsFixture();
  fixture.write("models/numbers.ts", numberModels);
});
afterEach(() => fixture.dispose());

it("runs the new code for what comes after the change, and leaves other functions alone", async () => {
  fixture.write("functions/copy.ts", copy("old"));
  fixture.write("functions/other.ts", copy("other"));
  await fixture.open();
  await fixture.send("In", numbers(3));
  await fixture.rows("Out.1.0", 6);
  const before = fixture.functions.running();
  fixture.write("functions/copy.ts", copy("new"));
  await fixture.apply();
  await fixture.send("In", numbers(3, 3));
  const rows = (await fixture.rows<Row>("Out.1.0", 12)).filter(({ note }) => note !== "other");
  expect(rows.map(({ n, note }) => `${n} ${note}`)).toEqual(["0 old", "1 old", "2 old", "3 new", "4 new", "5 new"]);
  const after = fixture.functions.running();
  expect(after.get("copy")).not.toBe(before.get("copy"));
  expect(after.get("other")).toBe(before.get("other"));
});

it("redoes with the new code what the old code does not finish in time, once", async () => {
  fixture.write("functions/copy.ts", copy("old", "if (event.n >= 25n) await new Promise(() => {});"));
  await fixture.open();
  await fixture.send("In", numbers(60));
  await fixture.rows("Out.1.0", 20);
  fixture.write("functions/copy.ts", copy("new"));
  await fixture.apply();
  await fixture.caughtUp("copy", "In.1.0");
  const rows = await fixture.stored<Row>("Out.1.0");
  expect(rows.map(({ n }) => Number(n))).toEqual(numbers(60).map(({ n }) => n));
  expect(rows.map(({ note }) => note)).toEqual(numbers(60).map(({ n }) => (n < 20 ? "old" : "new")));
});

it("keeps the state over a change of the code, and over a restart", async () => {
  const counting = (
    step: number,
  ): string => `${head}export default statefulFunction({ from: In, to: [Out], state: () => ({ sum: 0 }),
    run: (event, context) => emit(Out, { key: event.key, n: BigInt((context.state.sum += ${step})) }) });`;
  fixture.write("functions/count.ts", counting(1));
  await fixture.open();
  const three = Array.from({ length: 3 }, (_, n) => ({ key: "a", n }));
  await fixture.send("In", three);
  await fixture.rows("Out.1.0", 3);
  fixture.write("functions/count.ts", counting(10));
  await fixture.apply();
  await fixture.send("In", three);
  await fixture.rows("Out.1.0", 6);
  await fixture.close();
  await fixture.open();
  await fixture.send("In", three);
  const rows = await fixture.rows<Row>("Out.1.0", 9);
  expect(rows.map(({ n }) => Number(n))).toEqual([1, 2, 3, 13, 23, 33, 43, 53, 63]);
});

it("ends a function that is removed, and begins one that is new with what is still in the stream, or with what comes next", async () => {
  fixture.write("functions/copy.ts", copy("first"));
  await fixture.open();
  await fixture.send("In", numbers(2));
  await fixture.rows("Out.1.0", 2);
  fixture.write("functions/copy.ts", "");
  fixture.write("functions/all.ts", copy("all"));
  fixture.write("functions/next.ts", copy("next").replace("from: In,", 'from: In, startAt: "next",'));
  await fixture.apply();
  expect([...fixture.functions.running().keys()]).toEqual(["all", "next"]);
  await fixture.send("In", numbers(1, 2));
  await fixture.caughtUp("next", "In.1.0");
  await fixture.caughtUp("all", "In.1.0");
  const notes = (await fixture.stored<Row>("Out.1.0")).map(({ n, note }) => `${n} ${note}`).sort();
  expect(notes).toEqual(["0 all", "0 first", "1 all", "1 first", "2 all", "2 next"]);
});
