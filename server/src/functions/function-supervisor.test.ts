// The process of a function and the states that it is given: one that was given away must not come back.
import { createCore } from "@moose/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { defaultFunctionLimits } from "../model/function-spec.ts";
import { loadProject } from "../project/load-project.ts";
import { silentLog } from "../telemetry/log.ts";
import { writeCommand } from "./function-command.ts";
import { FunctionSupervisor, type SliceOutcome } from "./function-supervisor.ts";
import { type PreparedSlice, readSlice } from "./read-slice.ts";
import { ReadingCores } from "./reading-cores.ts";
import { FunctionsFixture, numberModels } from "./test-functions.ts";

const STREAM = "In.1.0";

let fixture: FunctionsFixture;
let supervisor: FunctionSupervisor;
let slice: PreparedSlice;
let remove: () => void;

beforeEach(async () => {
  fixture = new FunctionsFixture();
  fixture.write("models/numbers.ts", numberModels);
  fixture.write(
    "functions/count.ts",
    `import { emit, statefulFunction } from "@moose/server";
import { In, Out } from "../models/numbers.ts";
export default statefulFunction({ from: In, to: [Out], state: () => ({ seen: 0 }),
  run: ({ key, n }, context) => emit(Out, { key, n, note: String(++context.state.seen) }) });`,
  );
  await fixture.open();
  await fixture.functions.stop();
  const { manifest } = await loadProject(fixture.projectDir);
  const command = writeCommand(manifest.functions![0]!);
  remove = () => command.remove();
  supervisor = new FunctionSupervisor({ name: "count", command, limits: defaultFunctionLimits, log: silentLog });
  await fixture.send("In", [{ key: "a", n: 1 }]);
  const cores = new ReadingCores(await createCore(), fixture.catalog);
  slice = (await readSlice({ log: fixture.log, stream: STREAM, partition: 0 }, cores, 0, 1))!;
});
afterEach(async () => {
  supervisor.stop();
  remove();
  await fixture.dispose();
});

/** Runs the event under a state that has seen so many. */
const run = (seen: number): Promise<SliceOutcome> =>
  supervisor.run({ ...slice, stream: STREAM, partition: 0, state: new Map([["k:a", JSON.stringify({ seen })]]) });

const noteOf = (outcome: SliceOutcome): unknown =>
  outcome.kind === "done" ? (JSON.parse(outcome.result.outputs[0]![2]) as { note: string }).note : outcome.message;

it("does not give the state of before to a process that was not ready when the partition was given away", async () => {
  // It waits for a process that has not been started yet.
  const before = run(10);
  supervisor.forget(STREAM, 0);
  supervisor.start();
  const after = run(20);
  expect(noteOf(await after)).toBe("21");
  expect(noteOf(await before)).toBe("the partition was given away");
});

it("leaves the new state alone when a slice of before has still to run", async () => {
  supervisor.start();
  expect(noteOf(await run(10))).toBe("11");
  expect(await Promise.all([run(0), run(0)]).then((outcomes) => outcomes.map(noteOf))).toEqual(["12", "13"]);
  const late = [run(0), run(0)];
  supervisor.forget(STREAM, 0);
  expect(noteOf(await run(20))).toBe("21");
  await Promise.all(late);
  expect(noteOf(await run(0))).toBe("22");
});
