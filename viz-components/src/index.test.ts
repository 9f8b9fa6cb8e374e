// What importing the package does: class modules define nothing, the package's index defines every element, also on a server.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const tags = ["moose-provider", "moose-line-chart", "moose-bar-chart", "moose-stat"];

describe("entry points", () => {
  it("defines an element only in the module that is named after it", async () => {
    for (const tag of tags) await import(`./elements/${tag}.class.ts`);
    expect(tags.filter((tag) => customElements.get(tag))).toEqual([]);
    await import("./elements/moose-stat.ts");
    expect(tags.filter((tag) => customElements.get(tag))).toEqual(["moose-stat"]);
    await import("./index.ts");
    expect(tags.filter((tag) => customElements.get(tag))).toEqual(tags);
  });

  it("says in package.json which modules have that effect", () => {
    const { sideEffects } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
      sideEffects: string[];
    };
    for (const tag of tags) {
      expect(sideEffects).toContain(`./src/elements/${tag}.ts`);
      expect(sideEffects).toContain(`./dist/elements/${tag}.js`);
    }
  });
});
