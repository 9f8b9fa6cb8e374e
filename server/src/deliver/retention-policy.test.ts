// What may go, as a table of what the policy answers.
import { describe, expect, it } from "vitest";
import { excessShare, trimOffset } from "./retention-policy.ts";

const extent = { startOffset: 100, endOffset: 1100, doneOffset: 1100, youngOffset: 100 };

describe("retention policy", () => {
  it.each([
    ["nothing within the limits", extent, 0, 100],
    ["what is too old", { ...extent, youngOffset: 400 }, 0, 400],
    ["what is over the size", extent, 0.25, 350],
    ["whichever is more", { ...extent, youngOffset: 400 }, 0.25, 400],
    ["everything that is too old, up to the end", { ...extent, youngOffset: 1100 }, 0, 1100],
    ["nothing that a group has not read", { ...extent, doneOffset: 300, youngOffset: 1100 }, 0.9, 300],
    ["nothing when nothing is done", { ...extent, doneOffset: 0 }, 0.9, 100],
  ])("%s", (_name, given, excess, wanted) => {
    expect(trimOffset(given, excess)).toBe(wanted);
  });

  it("takes the share of the bytes over the limit", () => {
    expect(excessShare(400, 300)).toBe(0.25);
    expect([excessShare(300, 300), excessShare(0, 300), excessShare(1e12, undefined)]).toEqual([0, 0, 0]);
  });
});
