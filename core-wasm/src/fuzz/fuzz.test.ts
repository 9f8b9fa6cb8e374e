// Hostile bytes against the build with assertions: two minutes in CI, MOOSE_FUZZ_SECONDS for longer, MOOSE_FUZZ_SEED and MOOSE_FUZZ_ROUND for one case again.
import { beforeAll, expect, test } from "vitest";
import { Random } from "../ajv/test-random-cases.ts";
import { createCore } from "../host/create-core.ts";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import { compileProgram } from "../program/compile-program.ts";
import { BUILD_LIMIT_MS, buildCheckedCore, type Exports, openCheckedCore } from "./test-checked-core.ts";
import { checkInput } from "./test-fuzz-checks.ts";
import { fuzzModel } from "./test-fuzz-models.ts";
import { hostileInput } from "./test-hostile-bytes.ts";

const seconds = Number(process.env.MOOSE_FUZZ_SECONDS ?? (process.env.CI === "true" ? 120 : 15));
const seed = Number(process.env.MOOSE_FUZZ_SEED ?? Date.now() % 2 ** 31);
const onlyRound = process.env.MOOSE_FUZZ_ROUND;
const INPUTS_PER_MODEL = 200;
const REPORT_EVERY_MS = 60_000;

let newInstance: () => Exports;
beforeAll(async () => {
  newInstance = await buildCheckedCore();
}, BUILD_LIMIT_MS);

test("the assertions see an access outside of what was opened", () => {
  const program = compileProgram(modelSpec(model("M", { s: t.string() })));
  const instance = (): Exports => {
    const core = newInstance();
    new Uint8Array(core.memory.buffer).set(program, core.programRoom(program.length));
    core.loadProgram(0, 1n);
    return core;
  };
  const text = '{"s":"x"}';
  const validate = (core: Exports, room: number): void => {
    new Uint8Array(core.memory.buffer).set(new TextEncoder().encode(text), core.validateRoom(room, 1));
    core.validate(text.length, 0);
  };
  expect(() => validate(instance(), text.length)).not.toThrow();
  // The zero bytes behind the input would stand outside of its room.
  expect(() => validate(instance(), 0)).toThrow("unreachable");
  const core = instance();
  expect(() => core.validateRoom(64 * 1024 * 1024, 1)).toThrow("unreachable");
});

test(
  `hostile bytes for ${seconds} s: no trap, no broken assertion, one verdict, blocks that read back`,
  async () => {
    const core = await createCore();
    const loadChecked = openCheckedCore(newInstance);
    const counts = { rounds: 0, inputs: 0, unreadable: 0, accepted: 0, refused: 0 };
    const started = performance.now();
    const report = () => {
      const passed = ((performance.now() - started) / 1000).toFixed(0);
      console.log(`fuzz: seed ${seed}, ${passed} s, ${JSON.stringify(counts)}`);
    };
    report();
    let reported = started;
    for (let round = Number(onlyRound ?? 0); performance.now() - started < seconds * 1000; round++) {
      const random = new Random((seed + Math.imul(round, 0x9e3779b1)) >>> 0);
      const spec = fuzzModel(random, round);
      const release = core.load(spec);
      const target = { release, encoder: release.encoder(), checked: loadChecked(spec, seed + round) };
      for (let index = 0; index < INPUTS_PER_MODEL; index++) {
        const input = hostileInput(random, spec);
        const maxErrors = random.one([0, 1, 3, 100, 100, 100]);
        try {
          const verdict = checkInput(target, input, maxErrors);
          counts.inputs++;
          counts.accepted += verdict.accepted;
          counts.refused += verdict.rejected;
          if (verdict.unreadable !== undefined) counts.unreadable++;
        } catch (cause) {
          const again = `MOOSE_FUZZ_SEED=${seed} MOOSE_FUZZ_ROUND=${round}, input ${index}, ${input.format}, maxErrors ${maxErrors}`;
          const bytes = Buffer.from(input.bytes).toString("base64");
          throw new Error(`${again}: ${cause}\n${bytes}\n${JSON.stringify(spec)}`, { cause });
        }
      }
      counts.rounds++;
      // What weak references name is not collected before the job ends.
      await new Promise((resolve) => setImmediate(resolve));
      if (performance.now() - reported > REPORT_EVERY_MS) {
        reported = performance.now();
        report();
      }
      if (onlyRound !== undefined) break;
    }
    report();
    expect(Math.min(counts.unreadable, counts.accepted, counts.refused)).toBeGreaterThan(0);
  },
  (seconds + 120) * 1000,
);
