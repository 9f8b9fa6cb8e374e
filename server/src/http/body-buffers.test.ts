// Tests of the buffers that request bodies share.
import { describe, expect, it } from "vitest";
import { BodyBuffers } from "./body-buffers.ts";

describe("BodyBuffers", () => {
  it("gives buffers that are long enough, and little longer", () => {
    const buffers = new BodyBuffers();
    for (const bytes of [1, 32 * 1024, 32 * 1024 + 1, 140_213, 655_361, 1024 * 1024, 3_000_000]) {
      const { length } = buffers.take(bytes);
      expect(length).toBeGreaterThanOrEqual(bytes);
      expect(length).toBeLessThanOrEqual(bytes * 1.25);
    }
  });

  it("gives a large buffer again once it is back, to one at a time", () => {
    const buffers = new BodyBuffers();
    const first = buffers.take(140_000);
    expect(buffers.take(140_000)).not.toBe(first);
    buffers.giveBack(first);
    expect(buffers.take(141_000)).toBe(first);
    expect(buffers.take(140_000)).not.toBe(first);
  });

  it("keeps no more than its bound, and nothing that is small", () => {
    const buffers = new BodyBuffers();
    const taken = Array.from({ length: 20 }, () => buffers.take(1024 * 1024));
    for (const buffer of taken) buffers.giveBack(buffer);
    const again = Array.from({ length: 20 }, () => buffers.take(1024 * 1024));
    expect(again.filter((buffer) => taken.includes(buffer))).toHaveLength(4);
    const small = buffers.take(100);
    buffers.giveBack(small);
    expect(buffers.take(100)).not.toBe(small);
  });
});
