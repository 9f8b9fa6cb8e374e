// URL parameters and the JSON body mean the same request.
import { describe, expect, it } from "vitest";
import { parseQueryRequest } from "../model/parse-query-request.ts";
import { readQueryParameters } from "./query-parameters.ts";

const read = (query: string) => parseQueryRequest(readQueryParameters(query).params);

describe("readQueryParameters", () => {
  it("reads every parameter", () => {
    const query =
      "dimensions=minute,origin&measures=flights&filter.origin=LAX&filter.delay.gt=10&filter.delay.lte=60&filter.carrier.in=AA,UA" +
      "&grain=hour&orderBy=-flights,origin&limit=10&offset=5&timezone=Europe%2FBerlin";
    expect(read(query)).toEqual({
      dimensions: ["minute", "origin"],
      measures: ["flights"],
      filters: [
        { dimension: "origin", op: "eq", value: "LAX" },
        { dimension: "delay", op: "gt", value: "10" },
        { dimension: "delay", op: "lte", value: "60" },
        { dimension: "carrier", op: "in", value: ["AA", "UA"] },
      ],
      grain: "hour",
      orderBy: [
        { column: "flights", direction: "desc" },
        { column: "origin", direction: "asc" },
      ],
      limit: 10,
      offset: 5,
      timezone: "Europe/Berlin",
    });
  });

  it("reads a grain for one dimension, and after apart", () => {
    expect(read("grain.minute=day")).toEqual({ grain: { minute: "day" } });
    expect(readQueryParameters("after=p1.e30&limit=1")).toMatchObject({ after: "p1.e30", params: { limit: 1 } });
  });

  it("takes a dimension with a dot or a dangerous name as it is", () => {
    expect(read("filter.a.b=1&filter.a.b.neq=2").filters).toEqual([
      { dimension: "a.b", op: "eq", value: "1" },
      { dimension: "a.b", op: "neq", value: "2" },
    ]);
    expect(read("filter.__proto__.eq=1").filters).toEqual([{ dimension: "__proto__", op: "eq", value: "1" }]);
  });

  it.each([
    "limit=-1",
    "limit=1e3",
    "limit=",
    "limit=1&limit=2",
    "unknown=1",
    "after=a&after=b",
    "filter.=1",
    "grain=day&grain.m=hour",
    "filter.a=1&filter.a=2",
  ])("refuses %s", (query) => expect(() => read(query)).toThrow(expect.objectContaining({ code: "invalid_query" })));
});
