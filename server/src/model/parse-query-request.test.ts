// The JSON form of a query: what each member becomes, and where the pointer of a refusal leads.
import { describe, expect, test } from "vitest";
import { MooseError } from "./errors.ts";
import { parseQueryRequest } from "./parse-query-request.ts";

describe("parseQueryRequest", () => {
  test("reads every member", () => {
    expect(
      parseQueryRequest({
        dimensions: ["minute"],
        measures: ["flights"],
        filters: { origin: "LAX", gate: null, delay: { gt: 1, lte: "5" }, carrier: { in: ["AA"] } },
        grain: { minute: "hour" },
        orderBy: ["-flights", "minute"],
        limit: 0,
        offset: 2,
        timezone: "Europe/Berlin",
      }),
    ).toEqual({
      dimensions: ["minute"],
      measures: ["flights"],
      filters: [
        { dimension: "origin", op: "eq", value: "LAX" },
        { dimension: "gate", op: "eq", value: null },
        { dimension: "delay", op: "gt", value: 1 },
        { dimension: "delay", op: "lte", value: "5" },
        { dimension: "carrier", op: "in", value: ["AA"] },
      ],
      grain: { minute: "hour" },
      orderBy: [
        { column: "flights", direction: "desc" },
        { column: "minute", direction: "asc" },
      ],
      limit: 0,
      offset: 2,
      timezone: "Europe/Berlin",
    });
    expect(parseQueryRequest(undefined)).toEqual({});
  });

  test.each([
    ["x", ""],
    [[], ""],
    [{ "a/b~c": 1 }, "/a~1b~0c"],
    [{ dimensions: "minute" }, "/dimensions"],
    [{ measures: [1] }, "/measures"],
    [{ filters: [] }, "/filters"],
    [{ filters: { "a/b": { almost: 1 } } }, "/filters/a~1b/almost"],
    [{ filters: { origin: { constructor: 1 } } }, "/filters/origin/constructor"],
    [{ grain: 5 }, "/grain"],
    [{ grain: { minute: 5 } }, "/grain"],
    [{ orderBy: [{ column: "a" }] }, "/orderBy"],
    [{ limit: "5" }, "/limit"],
    [{ limit: -1 }, "/limit"],
    [{ offset: 1.5 }, "/offset"],
    [{ timezone: 1 }, "/timezone"],
  ])("refuses %j at %s", (input, path) => {
    let thrown: unknown;
    try {
      parseQueryRequest(input);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(MooseError);
    expect(thrown).toMatchObject({ code: "invalid_query", extra: { path } });
  });
});
