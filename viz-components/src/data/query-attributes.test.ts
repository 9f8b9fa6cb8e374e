// The attributes of an element as a query request.
import { describe, expect, it } from "vitest";
import { filtersOf, listOf, queryParamsOf } from "./query-attributes.ts";

describe("query attributes", () => {
  it("splits lists and drops blanks", () => {
    expect(listOf(" flights, ,delay")).toEqual(["flights", "delay"]);
  });
  it("reads filters as JSON or in the short form", () => {
    expect(filtersOf('{"origin":{"in":["SEA","SFO"]}}')).toEqual({ origin: { in: ["SEA", "SFO"] } });
    expect(filtersOf("origin=SEA, carrier=AA")).toEqual({ origin: "SEA", carrier: "AA" });
    expect(filtersOf("  ")).toBeUndefined();
  });
  it("says what is wrong with a filter", () => {
    expect(() => filtersOf("{origin")).toThrow(/not valid JSON: \{origin/);
    expect(() => filtersOf("origin")).toThrow(/"origin" has no "="/);
  });
  it("leaves out what is not set", () => {
    expect(queryParamsOf({ dimensions: ["minute"], measures: ["flights"], orderBy: "", filter: undefined })).toEqual({
      dimensions: ["minute"],
      measures: ["flights"],
    });
  });
  it("refuses a limit that is no count", () => {
    expect(() => queryParamsOf({ dimensions: [], measures: [], limit: 0 })).toThrow(/above 0, but is 0/);
    expect(() => queryParamsOf({ dimensions: [], measures: [], limit: Number.NaN })).toThrow(/NaN/);
  });
});
