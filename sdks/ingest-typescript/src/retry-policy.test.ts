// How waits spread; each status, header and figure is a case of the conformance set.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultRetryPolicy, retryDelayMs } from "./retry-policy.ts";

describe("retryDelayMs", () => {
  it("spreads over the whole doubling span, never beyond the maximum", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempts, r) => {
          const delay = retryDelayMs(defaultRetryPolicy, attempts, undefined, () => r);
          const span = Math.min(defaultRetryPolicy.maxDelayMs, defaultRetryPolicy.firstDelayMs * 2 ** (attempts - 1));
          expect(delay).toBeCloseTo(r * span, 6);
        },
      ),
    );
  });

  it("waits at least what the server asks for, and at most a quarter more, within the limit", () => {
    const { maxRetryAfterMs } = defaultRetryPolicy;
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (askedMs, r) => {
        const delay = retryDelayMs(defaultRetryPolicy, 3, askedMs, () => r);
        expect(delay).toBeGreaterThanOrEqual(Math.min(askedMs, maxRetryAfterMs));
        expect(delay).toBeLessThanOrEqual(Math.min(askedMs * 1.25, maxRetryAfterMs));
      }),
    );
  });
});
