// Origins are compared exactly, and no reply says more than the configuration allows.
import { describe, expect, it } from "vitest";
import { createCorsPolicy } from "./cors.ts";

const allowOrigin = (origins: readonly string[], origin: string): string | undefined =>
  createCorsPolicy(origins)
    .headersFor(origin)
    .find(([name]) => name === "access-control-allow-origin")?.[1];

describe("createCorsPolicy", () => {
  it.each([
    [["*"], "https://any.example", "*"],
    [["https://a.example"], "https://a.example", "https://a.example"],
    [["https://a.example"], "https://a.example.evil", undefined],
    [["https://a.example"], "http://a.example", undefined],
    [["https://a.example"], "null", undefined],
    [["https://a.example"], "", undefined],
    [[], "https://a.example", undefined],
  ])("%j answers %s with %s", (origins, origin, expected) => {
    expect(allowOrigin(origins, origin)).toBe(expected);
  });

  it("lets a live connection without an origin pass, since no browser opens one", () => {
    const policy = createCorsPolicy(["https://a.example"]);
    expect([policy.allows(""), policy.allows("https://a.example"), policy.allows("null")]).toEqual([true, true, false]);
  });
});
