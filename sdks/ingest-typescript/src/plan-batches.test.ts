// Plans of batches: every chunk once, in order, within the limits, and nothing mixed that cannot go together.
import fc from "fast-check";
import { expect, it } from "vitest";
import { planBatches } from "./plan-batches.ts";
import { chunkOf } from "./queue/test-queue-contract.ts";

const chunks = fc
  .array(
    fc.record({
      model: fc.constantFrom("Flight", "Gate"),
      version: fc.constantFrom("1.0", "2.0"),
      producer: fc.constantFrom("0123456789abcdef", "fedcba9876543210"),
      events: fc.integer({ min: 1, max: 5 }),
    }),
    { maxLength: 30 },
  )
  .map((given) => {
    let firstId = 0;
    return given.map(({ events, ...more }, at) => {
      const chunk = { ...chunkOf(firstId, events, more), key: at + 1 };
      firstId += events;
      return chunk;
    });
  });

it("keeps what it is given, within the limits", () => {
  fc.assert(
    fc.property(chunks, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 200 }), (given, events, bytes) => {
      const plan = planBatches(given, { maxBatchEvents: events, maxBatchBytes: bytes });
      const keys = plan.map((batch) => batch.chunks.map(({ key }) => key));
      expect(keys.flat().sort((a, b) => a - b)).toEqual(given.map(({ key }) => key));
      expect(keys.map(([first]) => first)).toEqual(keys.map(([first]) => first!).sort((a, b) => a - b));
      for (const batch of plan) {
        const kinds = new Set(batch.chunks.map(({ model, version, producer }) => `${model} ${version} ${producer}`));
        expect(kinds.size).toBe(1);
        const ids = batch.chunks.map(({ firstId }) => firstId);
        expect(ids).toEqual([...ids].sort((a, b) => a - b));
        if (batch.chunks.length === 1) continue;
        expect(batch.chunks.reduce((sum, chunk) => sum + chunk.events, 0)).toBeLessThanOrEqual(events);
        expect(batch.chunks.reduce((sum, chunk) => sum + chunk.body.length, 0)).toBeLessThanOrEqual(bytes);
      }
    }),
  );
});

it("leaves one batch of each kind open at most, the last one", () => {
  fc.assert(
    fc.property(chunks, (given) => {
      const plan = planBatches(given, { maxBatchEvents: 6, maxBatchBytes: 1000 });
      const kinds = plan
        .filter(({ full }) => !full)
        .map(({ chunks: [first] }) => `${first!.model} ${first!.version} ${first!.producer}`);
      expect(new Set(kinds).size).toBe(kinds.length);
    }),
  );
});

it("numbers that went back begin another batch: the server reads them ascending", () => {
  const plan = planBatches(
    [
      { ...chunkOf(5), key: 1 },
      { ...chunkOf(2), key: 2 },
    ],
    {
      maxBatchEvents: 10,
      maxBatchBytes: 1000,
    },
  );
  expect(plan.map(({ chunks: [first] }) => first!.firstId)).toEqual([5, 2]);
});
