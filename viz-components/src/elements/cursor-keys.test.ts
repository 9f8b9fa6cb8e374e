// Keys that move the cursor of a chart.
import { describe, expect, it } from "vitest";
import { cursorAfterKey } from "./cursor-keys.ts";

const press = (key: string, shiftKey = false) => ({ key, shiftKey, ctrlKey: false, metaKey: false, altKey: false });

describe("cursorAfterKey", () => {
  it.each([
    ["ArrowRight", undefined, 0],
    ["ArrowRight", 4, 5],
    ["ArrowRight", 19, 19],
    ["ArrowLeft", undefined, 19],
    ["ArrowLeft", 0, 0],
    ["Home", 7, 0],
    ["End", 7, 19],
    ["PageDown", 3, 13],
    ["PageUp", 3, 0],
    ["Escape", 3, null],
    ["Escape", undefined, undefined],
    ["a", 3, undefined],
  ] as const)("%s from %s goes to %s", (key, from, to) => {
    expect(cursorAfterKey(press(key), from, 20)).toBe(to);
  });
  it("moves by ten with Shift and leaves shortcuts alone", () => {
    expect(cursorAfterKey(press("ArrowRight", true), 3, 20)).toBe(13);
    expect(cursorAfterKey({ ...press("ArrowRight"), altKey: true }, 3, 20)).toBeUndefined();
  });
});
