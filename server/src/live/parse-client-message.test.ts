// Frames from clients: what is understood, and the sentence for what is not.
import { describe, expect, test } from "vitest";
import { MooseError } from "../model/errors.ts";
import { parseClientMessage } from "./parse-client-message.ts";

const parse = (value: unknown) => parseClientMessage(typeof value === "string" ? value : JSON.stringify(value), 60_000);

describe("parseClientMessage", () => {
  test("reads every kind of message", () => {
    expect(parse({ type: "hello" })).toEqual({ type: "hello" });
    expect(parse({ type: "hello", token: "t" })).toEqual({ type: "hello", token: "t" });
    expect(parse({ type: "pong", extra: 1 })).toEqual({ type: "pong" });
    expect(parse({ type: "unsubscribe", id: "1" })).toEqual({ type: "unsubscribe", id: "1" });
    expect(
      parse({ type: "subscribe", id: "1", query: "Q", params: { limit: 1 }, after: "p1.x", throttleMs: 5 }),
    ).toEqual({
      type: "subscribe",
      id: "1",
      query: "Q",
      params: { limit: 1 },
      after: "p1.x",
      throttleMs: 5,
    });
    expect(parse({ type: "subscribe", id: "1", stream: "M" })).toMatchObject({ stream: "M", throttleMs: 0 });
  });

  test.each([
    ["{", /not JSON/],
    ["[]", /not a JSON object/],
    ["null", /not a JSON object/],
    [{}, /type .*not known/],
    [{ type: "constructor" }, /"constructor" is not known/],
    [{ type: "subscribe", query: "Q" }, /needs an id/],
    [{ type: "subscribe", id: "", query: "Q" }, /needs an id/],
    [{ type: "subscribe", id: "x".repeat(101), query: "Q" }, /needs an id/],
    [{ type: "subscribe", id: "1" }, /either a query or a stream/],
    [{ type: "subscribe", id: "1", query: "Q", stream: "M" }, /either a query or a stream/],
    [{ type: "subscribe", id: "1", query: "Q", after: 5 }, /position/],
    [{ type: "subscribe", id: "1", query: "Q", throttleMs: -1 }, /throttleMs/],
    [{ type: "subscribe", id: "1", query: "Q", throttleMs: "5" }, /throttleMs/],
    [{ type: "unsubscribe" }, /needs an id/],
  ])("refuses %j", (message, reason) => {
    let thrown: unknown;
    try {
      parse(message);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(MooseError);
    expect((thrown as MooseError).code).toBe("invalid_message");
    expect((thrown as MooseError).message).toMatch(reason);
  });
});
