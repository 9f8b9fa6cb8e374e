// What happens to an event before it is checked.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PrepareConfig, prepareFor } from "./prepare-event.ts";

const fields = new Set(["at", "page", "app", "sampleRate"]);
const setUp = (config: Partial<PrepareConfig>, known: ReadonlySet<string> | undefined = fields) => {
  const counts = { sampledOut: 0, dropped: 0 };
  const whole = { context: undefined, sampling: {}, beforeSend: undefined, random: () => 0, ...config };
  return { counts, prepare: prepareFor("Click", known, whole, counts) };
};

it("leaves an event alone when nothing is asked for", () => {
  const event = { page: "/" };
  expect(setUp({}).prepare(event)).toBe(event);
});

describe("context", () => {
  it("adds the fields that the model declares; the event's own win", () => {
    const { prepare } = setUp({ context: { app: "shop", page: "/none", build: 7 } });
    expect(prepare({ page: "/" })).toEqual({ app: "shop", page: "/" });
  });

  it("is asked for each event when it is a function", () => {
    let n = 0;
    const { prepare } = setUp({ context: () => ({ app: `v${n++}` }) });
    expect([prepare({}), prepare({})]).toEqual([{ app: "v0" }, { app: "v1" }]);
  });

  it("is added as it is where the fields are not known", () => {
    expect(
      prepareFor(
        "Click",
        undefined,
        { context: { build: 7 }, sampling: {}, beforeSend: undefined, random: () => 0 },
        { sampledOut: 0, dropped: 0 },
      )({ page: "/" }),
    ).toEqual({ build: 7, page: "/" });
  });
});

describe("sampling", () => {
  it("sends the share that the rule says, and records it in each event", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1, noNaN: true }), (rate) => {
        let n = 0;
        const { prepare, counts } = setUp({
          sampling: { Click: { rate, field: "sampleRate" } },
          random: () => n++ / 1000,
        });
        const sent = Array.from({ length: 1000 }, () => prepare({ page: "/" })).filter((event) => event !== undefined);
        expect(sent.length).toBe(Array.from({ length: 1000 }, (_, at) => at / 1000).filter((r) => r < rate).length);
        expect(sent.length + counts.sampledOut).toBe(1000);
        expect(sent[0]).toEqual({ page: "/", sampleRate: rate });
      }),
    );
  });

  it.each([
    [0, "sampleRate"],
    [1.1, "sampleRate"],
    [Number.NaN, "sampleRate"],
    [0.5, "nowhere"],
  ])("refuses rate %s in field %s", (rate, field) => {
    expect(() => setUp({ sampling: { Click: { rate, field } } })).toThrow(
      expect.objectContaining({ code: "invalid_option" }),
    );
  });
});

describe("beforeSend", () => {
  it("has the last word, and counts what it drops", () => {
    const { prepare, counts } = setUp({
      context: { app: "shop" },
      beforeSend: (event, { model }) =>
        event.page === "/private" ? null : { ...event, page: `${model}${event.page}` },
    });
    expect(prepare({ page: "/" })).toEqual({ app: "shop", page: "Click/" });
    expect(prepare({ page: "/private" })).toBeUndefined();
    expect(counts).toEqual({ sampledOut: 0, dropped: 1 });
  });
});
