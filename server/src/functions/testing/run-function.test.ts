// The helper that projects test their functions with, and through it what functions with a state and windows do.
import { model, t } from "@moose/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { emit } from "../api/emit.ts";
import { statefulFunction, streamFunction, windowFunction } from "../api/stream-function.ts";
import { session, sliding, tumbling } from "../api/window.ts";
import { runFunction, testFunction } from "./run-function.ts";

const Click = model(
  "Click",
  { user: t.string().key(), at: t.dateTime64(3), page: t.string().default("/"), amount: t.decimal(9, 2).optional() },
  { partitionKey: "user" },
);
const Visit = model("Visit", {
  user: t.string().key(),
  from: t.dateTime64(3),
  to: t.dateTime64(3),
  clicks: t.uint64(),
});
const Alert = model("Alert", { user: t.string().key(), text: t.string().min(1) });

/** `seconds` behind the full minute. */
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 12, 0, 0, Math.round(seconds * 1000)));
const click = (user: string, seconds: number) => ({ user, at: at(seconds) });
const time = (seconds: number): string => at(seconds).toISOString();

describe("a function of one event", () => {
  const fn = streamFunction({
    from: Click,
    to: [Alert],
    run(event, { log, id }) {
      expectTypeOf(event.amount).toEqualTypeOf<string | null>();
      expectTypeOf(event.page).toEqualTypeOf<string>();
      log.info("seen", { id });
      if (event.user === "bad") throw new RangeError("a bad user");
      return emit(Alert, { user: event.user, text: event.amount ?? event.page });
    },
  });

  it("gives outputs, failures and log lines, all typed", async () => {
    const test = await runFunction(fn, [
      { user: "a", at: at(0) },
      { user: "bad", at: at(1) },
      { user: "b", at: at(2), amount: 7.5 },
    ]);
    const outputs = test.outputs(Alert);
    expectTypeOf(outputs).toEqualTypeOf<{ user: string; text: string }[]>();
    expect(outputs).toEqual([
      { user: "a", text: "/" },
      { user: "b", text: "7.5" },
    ]);
    expect(test.failures).toMatchObject([
      { event: 1, code: "function_threw", message: "RangeError: a bad user", attempts: 4 },
    ]);
    expect(test.failures[0]!.stack).toContain("run-function.test.ts");
    expect(test.logs[0]).toEqual({ level: "info", message: "seen", fields: { id: "Click.1.0/0/0" } });
  });

  it("tells outputs that their model refuses, and refuses events that are none", async () => {
    const test = await runFunction(fn, [{ user: "a", at: at(0), page: "" }]);
    expect(test.outputs(Alert)).toEqual([]);
    expect(test.refused).toMatchObject([
      { model: "Alert", text: '{"user":"a","text":""}', reason: expect.stringContaining("/text: too_short") },
    ]);
    await expect(test.send([{ user: "a", at: "yesterday" }])).rejects.toThrow(/event 1 is no Click: \/at: /);
  });

  it("cannot return what emit() did not make, nor a model that it does not name", async () => {
    const wrong = streamFunction({
      from: Click,
      to: [Alert],
      // @ts-expect-error: Visit is not in `to`
      run: (event) => emit(Visit, { user: event.user, from: event.at, to: event.at, clicks: 1n }),
    });
    const [failure] = (await runFunction(wrong, [click("a", 0)])).failures;
    expect(failure!.message).toBe('TypeError: test emits Visit, which is not in its "to": add the model there');
    // @ts-expect-error: an object is no output
    const plain = streamFunction({ from: Click, to: [Alert], run: () => ({ user: "a", text: "b" }) });
    expect((await runFunction(plain, [click("a", 0)])).failures[0]!.message).toMatch(/a stream function returns emit/);
  });

  it("reads several models when each event says which", async () => {
    const both = streamFunction({
      from: [Click, Alert],
      to: [Alert],
      run: (event, { model: name }) => emit(Alert, { user: event.user, text: name }),
    });
    const test = await runFunction(both, [
      emit(Click, click("a", 0)),
      emit(Alert, { user: "b", text: "x" }),
      emit(Click, click("c", 0)),
    ]);
    expect(test.outputs(Alert).map(({ user, text }) => user + text)).toEqual(["aClick", "bAlert", "cClick"]);
  });
});

describe("a function with a state", () => {
  const everyThird = statefulFunction({
    from: Click,
    to: [Alert],
    retries: 0,
    state: () => ({ clicks: 0, total: 0n }),
    run(event, context) {
      context.state.clicks++;
      context.state.total += 1n;
      if (event.page === "/throw") throw new Error("after the change");
      if (event.page === "/forget") context.clear();
      if (context.state.clicks % 3 !== 0) return null;
      return emit(Alert, { user: context.key, text: `${context.state.clicks} ${context.state.total}` });
    },
  });

  it("keeps a state for each key, bigint included", async () => {
    const test = await runFunction(
      everyThird,
      ["a", "b", "a", "a", "b", "b", "a", "a", "a"].map((user) => click(user, 0)),
    );
    expect(test.outputs(Alert).map(({ user, text }) => `${user} ${text}`)).toEqual(["a 3 3", "b 3 3", "a 6 6"]);
  });

  it("keeps nothing of an attempt that threw, and forgets when it is told to", async () => {
    const test = await testFunction(everyThird);
    await test.send([click("a", 0), { ...click("a", 0), page: "/throw" }, click("a", 0), click("a", 0)]);
    expect(test.outputs(Alert)).toHaveLength(1);
    await test.send([{ ...click("a", 0), page: "/forget" }, click("a", 0), click("a", 0)]);
    expect(test.outputs(Alert)).toHaveLength(1);
    await test.send([click("a", 0)]);
    expect(test.outputs(Alert)).toHaveLength(2);
  });
});

describe("windows", () => {
  const visits = (window: ReturnType<typeof tumbling>, more: { allowedLateness?: "5s"; late?: "drop" } = {}) =>
    windowFunction({
      from: Click,
      to: [Visit],
      window,
      eventTime: "at",
      ...more,
      state: () => ({ clicks: 0 }),
      add(_, context) {
        context.state.clicks++;
      },
      merge: (earlier, later) => ({ clicks: earlier.clicks + later.clicks }),
      close: ({ key, start, end, state }) =>
        emit(Visit, { user: key, from: new Date(start), to: new Date(end), clicks: BigInt(state.clicks) }),
    });
  const shown = (rows: readonly { user: string; from: string; to: string; clicks: bigint }[]): string[] =>
    rows.map(
      ({ user, from, to, clicks }) =>
        `${user} ${Date.parse(from) / 1000 - Date.UTC(2026, 0, 1, 12) / 1000}-${Date.parse(to) / 1000 - Date.UTC(2026, 0, 1, 12) / 1000}: ${clicks}`,
    );

  it("that tumble close when an event behind their end has come, by key, each once", async () => {
    const test = await testFunction(visits(tumbling("10s")));
    await test.send([click("a", 0), click("b", 3), click("a", 9.999), click("a", 5)]);
    expect(test.emitted).toEqual([]);
    await test.send([click("c", 10), click("c", 31)]);
    expect(shown(test.outputs(Visit))).toEqual(["a 0-10: 3", "b 0-10: 1", "c 10-20: 1"]);
  });

  it("that slide hold an event several times", async () => {
    const test = await testFunction(visits(sliding("10s", "5s")));
    await test.send([click("a", 1), click("a", 7), click("a", 100)]);
    expect(shown(test.outputs(Visit))).toEqual(["a -5-5: 1", "a 0-10: 2", "a 5-15: 1"]);
  });

  it("of sessions end with a gap, and a late event joins two of them", async () => {
    const test = await testFunction(visits(session("10s"), { allowedLateness: "5s" }));
    await test.send([click("a", 0), click("a", 4), click("a", 18), click("b", 18)]);
    expect(test.emitted).toEqual([]);
    await test.send([click("a", 13), click("z", 60)]);
    expect(shown(test.outputs(Visit))).toEqual(["a 0-28: 4", "b 18-28: 1"]);
  });

  it("take late events as long as they are allowed to; later ones go to quarantine, or are dropped", async () => {
    const kept = await testFunction(visits(tumbling("10s"), { allowedLateness: "5s" }));
    await kept.send([click("a", 1), click("a", 14.9), click("a", 2), click("a", 15), click("a", 3)]);
    expect(shown(kept.outputs(Visit))).toEqual(["a 0-10: 2"]);
    expect(kept.failures).toMatchObject([
      {
        event: 4,
        code: "function_late_event",
        message: `all windows of the event had closed: the watermark stood at ${time(10)}`,
      },
    ]);
    const dropped = await testFunction(visits(tumbling("10s"), { late: "drop" }));
    await dropped.send([click("a", 1), click("a", 10), click("a", 2)]);
    expect([dropped.dropped, dropped.failures.length]).toEqual([1, 0]);
  });

  it("close by the clock when no event comes, and not before there was one", async () => {
    const test = await testFunction(visits(tumbling("10s")));
    await test.idle("1h");
    await test.send([click("a", 4)]);
    await test.idle("5s");
    expect(test.emitted).toEqual([]);
    await test.idle("1s");
    expect(shown(test.outputs(Visit))).toEqual(["a 0-10: 1"]);
  });

  it("come to the same however their events are cut into slices", async () => {
    let seed = 20260101;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    const events = Array.from({ length: 400 }, (_, i) => click("abcd"[random(4)]!, i / 2 - random(12)));
    let late = 0;
    for (const shape of [tumbling("7s"), sliding("9s", "2s"), session("3s")]) {
      const whole = await runFunction(visits(shape, { allowedLateness: "5s" }), events);
      const cut = await testFunction(visits(shape, { allowedLateness: "5s" }));
      for (let from = 0; from < events.length; ) {
        const to = from + 1 + random(40);
        await cut.send(events.slice(from, to));
        from = to;
      }
      expect(shown(cut.outputs(Visit))).toEqual(shown(whole.outputs(Visit)));
      expect(cut.failures.map(({ event }) => event)).toEqual(whole.failures.map(({ event }) => event));
      late += whole.failures.length;
    }
    expect(late).toBeGreaterThan(5);
  });
});

describe("a definition that cannot work", () => {
  it("says what is wrong when the project is loaded", () => {
    const run = () => null;
    expect(() => streamFunction({ from: Click, concurrency: 0, run })).toThrow(
      '"concurrency" must be a whole number from 1 to 1000, not 0',
    );
    expect(() => streamFunction({ name: "two words", from: Click, run })).toThrow(/"two words" is no name/);
    expect(() => streamFunction({ from: [] as never, run })).toThrow('"from" names no model');
    expect(() => streamFunction({ from: undefined as never, run })).toThrow(/"from" holds something that is no model/);
    expect(() => streamFunction({ from: Click } as never)).toThrow('needs the function "run"');
    expect(() => tumbling("10 s" as never)).toThrow(/write a length of time such as/);
    expect(() => sliding("1s", "2s")).toThrow("events between two windows would be lost");
    expect(() => sliding("1h", "1s")).toThrow("more than 1000 windows");
  });
});
