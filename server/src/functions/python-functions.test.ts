// Stream functions in Python: the generated classes, what they emit, and what becomes of failures. Needs Python 3.10 or later, as in CI.
import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FunctionsFixture } from "./test-functions.ts";

const python = process.env.MOOSE_PYTHON ?? "python3";
const hasPython = spawnSync(python, ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"]).status === 0;
// Where there is no Python nothing of this can run; CI has one.
const withPython = describe.skipIf(!hasPython && process.env.CI === undefined);

let fixture: FunctionsFixture;

const models = `import { model, t } from "@moose/core";
export const In = model("In", {
  key: t.string().key(), n: t.uint64(), at: t.dateTime64(6).optional(), price: t.decimal(20, 4).default("1.5"), from: t.ipv4().optional(),
  id: t.uuid().default("6f2c1f0e-95a1-4b7e-8f0b-0d4f6f1b2a3c"), tags: t.array(t.string()).optional(), place: t.object({ lat: t.float64().default(0), name: t.string().optional() }).optional(),
}, { partitionKey: "key" });
export const Out = model("Out", { key: t.string().key(), n: t.uint64(), note: t.string().default(""), at: t.dateTime64(6).optional() }, { partitionKey: "key" });`;
const head = `from moose_functions import Context, stateful_function, stream_function\nfrom moose_models import In, Out\n\n`;
const numbers = (count: number): { key: string; n: number }[] =>
  Array.from({ length: count }, (_, n) => ({ key: `k${n % 3}`, n }));

withPython("a function in Python", () => {
  beforeEach(() => {
    fixture = new FunctionsFixture({ limits: { retries: 1 } });
    fixture.write("models/numbers.ts", models);
  });
  afterEach(() => fixture.dispose());

  it("gets instances of generated classes, and returns none, one or many", async () => {
    fixture.write(
      "functions/show_types.py",
      `${head}@stream_function(source=In, to=[Out])
def show(event: In, context: Context) -> list[Out]:
    context.log.info("seen", id=context.id)
    kinds = [type(event.n), type(event.at), type(event.price), type(event.from_), type(event.id), type(event.tags), type(event.place)]
    note = " ".join(kind.__name__ for kind in kinds) + f" {event.price} {event.place.lat if event.place else None}"
    return [Out(key=event.key, n=event.n, note=note, at=event.at)] * int(event.n % 3)
`,
    );
    await fixture.open();
    await fixture.send("In", [
      { key: "a", n: 1 },
      {
        key: "b",
        n: "18446744073709551614",
        at: "2026-01-02 03:04:05.123456",
        price: "12345678901234.5678",
        from: "192.0.2.1",
        tags: ["x"],
        place: { lat: 1.5 },
      },
      { key: "c", n: 3 },
    ]);
    const rows = await fixture.rows<{ n: number | string; note: string; at?: string }>("Out.1.0", 3);
    expect(rows[0]!.note).toBe("int NoneType Decimal NoneType UUID list NoneType 1.5 None");
    expect(rows[1]).toMatchObject({
      note: "int datetime Decimal IPv4Address UUID list In_place 12345678901234.5678 1.5",
      at: "2026-01-02T03:04:05.123456+00:00",
    });
    await expect.poll(() => fixture.lines.join("\n")).toContain('info seen {"id":"In.1.0/0/0"}');
  });

  it.each([
    ["throws", "raise ValueError('five')", "function_threw", ""],
    ["hangs", "while True: pass", "function_deadline", "deadline_ms=300, "],
    ["eats memory", "kept = [bytearray(8_000_000) for _ in range(10_000)]", "function_memory", "memory_mb=32, "],
    ["kills its process", "import os; os.kill(os.getpid(), 9)", "function_ended", ""],
  ])("that %s loses only the event at which it does so", async (_, deed, code, options) => {
    fixture.write(
      "functions/culprit.py",
      `${head}@stream_function(source=In, to=[Out], ${options}retries=1)
def culprit(event: In, context: Context) -> Out:
    if event.n == 5:
        ${deed}
    return Out(key=event.key, n=event.n)
`,
    );
    await fixture.open();
    await fixture.send("In", numbers(12));
    await fixture.caughtUp("culprit", "In.1.0");
    const rows = await fixture.rows<{ n: number }>("Out.1.0", 11);
    expect(rows.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
    const entries = await fixture.quarantined(1);
    expect(entries.map((entry) => [entry.code, JSON.parse(entry.event!).n])).toEqual([[code, 5]]);
    if (code === "function_threw") expect(entries[0]!.stack).toMatch(/culprit\.py", line 7, in culprit/);
  });

  it("keeps a state for each key, over a change of the code and a restart", async () => {
    const counting = (step: number): string => `${head}@stateful_function(source=In, to=[Out], state=lambda: {"sum": 0})
def count(event, context):
    context.state["sum"] += ${step}
    return Out(key=context.key, n=context.state["sum"])
`;
    fixture.write("functions/count.py", counting(1));
    await fixture.open();
    await fixture.send("In", numbers(6));
    await fixture.rows("Out.1.0", 6);
    fixture.write("functions/count.py", counting(10));
    await fixture.apply();
    await fixture.send("In", numbers(3));
    await fixture.rows("Out.1.0", 9);
    await fixture.close();
    await fixture.open();
    await fixture.send("In", numbers(3));
    const rows = await fixture.rows<{ n: number }>("Out.1.0", 12);
    expect(rows.map(({ n }) => n)).toEqual([1, 1, 1, 2, 2, 2, 12, 12, 12, 22, 22, 22]);
  });

  it("with a mistake is shown where it stands", async () => {
    fixture.write(
      "functions/broken.py",
      `${head}@stream_function(source=In, to=[Missing])\ndef broken(event, context):\n    return None\n`,
    );
    await expect(fixture.open()).rejects.toMatchObject({
      code: "project_invalid",
      message: "NameError: name 'Missing' is not defined",
      extra: { file: "functions/broken.py", line: 4 },
    });
  });
});
