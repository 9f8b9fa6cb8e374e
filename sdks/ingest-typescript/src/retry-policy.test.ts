// Whether and when a batch is sent again.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultRetryPolicy, isRetryable, parseRetryAfterMs, retryDelayMs } from "./retry-policy.ts";

const headers = (values: Record<string, string>) => new Headers(values);

describe("isRetryable", () => {
  it.each([
    [undefined, true],
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [409, false],
    [413, false],
    [422, false],
    [425, true],
    [429, true],
    [500, true],
    [503, true],
  ])("status %s: %s", (status, expected) => {
    expect(isRetryable(status === undefined ? {} : { status })).toBe(expected);
  });

  it("lets the server decide", () => {
    expect(isRetryable({ status: 400, headers: headers({ "x-moose-should-retry": "true" }) })).toBe(true);
    expect(isRetryable({ status: 503, headers: headers({ "x-moose-should-retry": "false" }) })).toBe(false);
  });
});

describe("parseRetryAfterMs", () => {
  const nowMs = Date.UTC(2026, 0, 1, 12, 0, 0);
  it.each([
    [{ "retry-after": "3" }, 3000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after-ms": "40", "retry-after": "3" }, 40],
    [{ "retry-after": "Thu, 01 Jan 2026 12:00:07 GMT" }, 7000],
    [{ "retry-after": "Thu, 01 Jan 2026 11:00:00 GMT" }, 0],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
  ])("%j is %s ms", (values, expected) => {
    expect(parseRetryAfterMs(headers(values as Record<string, string>), nowMs)).toBe(expected);
  });
});

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

  it("waits at least what the server asks for, and at most a quarter more", () => {
    expect(retryDelayMs(defaultRetryPolicy, 1, 2000, () => 0)).toBe(2000);
    expect(retryDelayMs(defaultRetryPolicy, 9, 2000, () => 1)).toBe(2500);
    expect(retryDelayMs(defaultRetryPolicy, 1, 86_400_000, () => 0)).toBe(defaultRetryPolicy.maxDelayMs);
  });
});
