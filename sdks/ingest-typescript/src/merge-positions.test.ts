// Merged positions cover everything that either of them covered.
import { expect, it } from "vitest";
import { mergePositions } from "./merge-positions.ts";

const token = (body: unknown) => `p1.${Buffer.from(JSON.stringify(body)).toString("base64url")}`;

it("covers both: the greater offset of each partition of each stream", () => {
  const merged = mergePositions(
    token({ "Flight.1.0": [5, 9], "A.1.0": [1] }),
    token({ "Flight.1.0": [7, 2], "Ü.1.0": [3] }),
  );
  expect(merged).toBe(token({ "A.1.0": [1], "Flight.1.0": [7, 9], "Ü.1.0": [3] }));
});

it("keeps the newer token when it cannot read one", () => {
  expect(mergePositions(undefined, "p9.x")).toBe("p9.x");
  expect(mergePositions(token({ a: [1] }), "p9.x")).toBe("p9.x");
  expect(mergePositions("p1.###", token({ a: [1] }))).toBe(token({ a: [1] }));
});
