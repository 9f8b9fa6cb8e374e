// Each element in Chromium with rows of the page's own: what it draws, its states, its keyboard, its colours.
import axe from "axe-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ElementPages, startElementPages } from "./test-element-pages.ts";

let pages: ElementPages;

beforeAll(async () => {
  pages = await startElementPages();
});
afterAll(() => pages?.close());

const minutes = Array.from({ length: 120 }, (_, index) => ({
  minute: new Date(Date.UTC(2001, 0, 1, 0, index)).toISOString().slice(0, 19).replace("T", " "),
  flights: 100 + Math.round(40 * Math.sin(index / 9)),
  delay: 8 + 6 * Math.cos(index / 14),
}));

describe("<moose-line-chart>", () => {
  it("draws its rows, says so, and moves a cursor by keys", async () => {
    const { page, problems } = await pages.open(
      `<moose-line-chart x="minute" y="flights" label="Flights"></moose-line-chart>`,
    );
    const chart = page.locator("moose-line-chart");
    await chart.evaluate((element, rows) => Object.assign(element, { data: rows }), minutes);
    await chart.locator("canvas").waitFor();
    expect(await chart.evaluate((element: HTMLElementTagNameMap["moose-line-chart"]) => element.shownData)).toEqual(
      minutes,
    );
    expect(await chart.evaluate((element) => element.matches(":state(ready)"))).toBe(true);
    expect(await inkOf(chart)).toBeGreaterThan(300);
    await chart.locator(".plot").focus();
    await page.keyboard.press("Home");
    await chart.locator(".tooltip").filter({ hasText: "00:00" }).filter({ hasText: "100" }).waitFor();
    await page.keyboard.press("ArrowRight");
    await chart.locator("[aria-live]").filter({ hasText: "00:01, Flights 104" }).waitFor({ state: "attached" });
    await page.keyboard.press("Escape");
    await chart.locator(".tooltip").waitFor({ state: "detached" });
    expect(await chart.locator("table tbody tr").count()).toBe(50);
    expect(problems).toEqual([]);
  });

  it("reads the newest rows to a screen reader, in whichever order they came", async () => {
    const { page } = await pages.open(`<moose-line-chart x="minute" y="flights"></moose-line-chart>`);
    const chart = page.locator("moose-line-chart");
    for (const rows of [minutes, minutes.toReversed()]) {
      await chart.evaluate((element, given) => Object.assign(element, { data: given }), rows);
      await chart.locator("td").filter({ hasText: "01:59" }).waitFor({ state: "attached" });
      expect(await chart.locator("tbody tr").count()).toBe(50);
    }
  });

  it("shows a tooltip at the pointer and a legend for several lines", async () => {
    const { page } = await pages.open(`<moose-line-chart x="minute" y="flights,delay"></moose-line-chart>`);
    const chart = page.locator("moose-line-chart");
    await chart.evaluate((element, rows) => Object.assign(element, { data: rows }), minutes);
    await chart.locator("canvas").waitFor();
    expect(await chart.locator(".legend li").allInnerTexts()).toEqual(["Flights", "Delay"]);
    await chart.locator(".plot").hover();
    await chart.locator(".tooltip").waitFor();
    expect(await chart.locator(".tooltip dd").count()).toBe(2);
  });

  it("takes new colours when the scheme changes, on the page or on an ancestor", async () => {
    const { page } = await pages.open(`<moose-line-chart x="minute" y="flights"></moose-line-chart>`, {
      colorScheme: "light",
    });
    const chart = page.locator("moose-line-chart");
    await chart.evaluate((element, rows) => Object.assign(element, { data: rows }), minutes);
    await chart.locator("canvas").waitFor();
    const hasColor = (rgb: readonly number[]) =>
      page.waitForFunction(
        ([red, green, blue]) => {
          const canvas = document.querySelector("moose-line-chart")?.shadowRoot?.querySelector("canvas");
          const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          for (let at = 0; at < pixels.length; at += 4) {
            if (pixels[at] === red && pixels[at + 1] === green && pixels[at + 2] === blue) return true;
          }
          return false;
        },
        rgb,
        { timeout: 5000 },
      );
    await hasColor([0x24, 0x57, 0xd6]);
    await page.emulateMedia({ colorScheme: "dark" });
    await hasColor([0x7f, 0xa8, 0xff]);
    await page.evaluate(() => document.documentElement.style.setProperty("color-scheme", "light"));
    await hasColor([0x24, 0x57, 0xd6]);
  });

  it("follows its width, with 100,000 rows", async () => {
    const { page, problems } = await pages.open(
      `<div id="box" style="width:700px"><moose-line-chart x="x" y="value"></moose-line-chart></div>`,
    );
    const chart = page.locator("moose-line-chart");
    await chart.evaluate((element) => {
      Object.assign(element, {
        data: Array.from({ length: 100_000 }, (_, x) => ({ x, value: Math.sin(x / 500) * 50 })),
      });
    });
    await chart.locator("canvas").waitFor();
    await page.evaluate(() => document.querySelector("#box")?.setAttribute("style", "width:320px"));
    await page.waitForFunction(
      () => (document.querySelector("moose-line-chart")?.shadowRoot?.querySelector(".uplot")?.clientWidth ?? 999) < 320,
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(problems).toEqual([]);
  });

  it("leaves no plot behind after 100 mounts and unmounts, and draws again when it comes back", async () => {
    const { page } = await pages.open(`<div id="box"></div>`);
    const left = await page.evaluate(async (rows) => {
      const box = document.querySelector("#box") as HTMLElement;
      const chart = document.createElement("moose-line-chart");
      Object.assign(chart, { x: "minute", y: "flights", data: rows });
      for (let round = 0; round < 100; round++) {
        box.append(chart);
        await chart.updateComplete;
        chart.remove();
      }
      const whileAway = chart.shadowRoot?.querySelectorAll(".uplot").length;
      box.append(chart);
      await chart.updateComplete;
      return { whileAway, back: chart.shadowRoot?.querySelectorAll(".uplot").length };
    }, minutes);
    expect(left).toEqual({ whileAway: 0, back: 1 });
  });
});

describe("<moose-bar-chart>", () => {
  const airports = [
    { origin: "Hartsfield-Jackson Atlanta International", delay: 12.4 },
    { origin: "SEA", delay: -3.5 },
    { origin: "SFO", delay: 20 },
  ];

  it.each(["", "vertical"])("keeps bars, labels and values inside a phone's width %s", async (orientation) => {
    const { page, problems } = await pages.open(
      `<moose-bar-chart x="origin" y="delay" unit="min" ${orientation}></moose-bar-chart>`,
      {
        viewport: { width: 390, height: 844 },
      },
    );
    const chart = page.locator("moose-bar-chart");
    await chart.evaluate((element, rows) => Object.assign(element, { data: rows }), airports);
    await chart.locator("rect").first().waitFor();
    expect(await chart.locator("rect").count()).toBe(3);
    expect(await chart.locator("text.value").allTextContents()).toEqual(["12.4", "-3.5", "20.0"]);
    const box = await chart.boundingBox();
    for (const label of await chart.locator("text").all()) {
      const place = await label.boundingBox();
      expect(place?.x).toBeGreaterThanOrEqual(box?.x ?? 0);
      expect((place?.x ?? 0) + (place?.width ?? 0)).toBeLessThanOrEqual((box?.x ?? 0) + (box?.width ?? 0));
    }
    expect(problems).toEqual([]);
  });
});

describe("<moose-stat>", () => {
  it("keeps every digit of a 64-bit integer", async () => {
    const { page } = await pages.open(`<moose-stat y="flights" unit="flights"></moose-stat>`);
    const stat = page.locator("moose-stat");
    await stat.evaluate((element) => Object.assign(element, { data: [{ flights: 18446744073709551615n }] }));
    await stat.locator(".value").waitFor();
    expect(await stat.locator(".value").textContent()).toBe("18,446,744,073,709,551,615");
    expect(
      await stat.evaluate((element: HTMLElementTagNameMap["moose-stat"]) => String(element.shownData[0]?.flights)),
    ).toBe("18446744073709551615");
  });
});

describe("<moose-stat> that is live", () => {
  it.each([
    [12, true],
    [123_456_789_012, false],
  ])("shows %d whole, and the sparkline only where it has room: %s", async (value, hasRoom) => {
    const { page } = await pages.open(`<div style="inline-size:280px"><moose-stat y="n" live></moose-stat></div>`);
    const stat = page.locator("moose-stat");
    for (const n of [value - 1, value]) {
      await stat.evaluate((element, given) => Object.assign(element, { data: [{ n: given }] }), n);
      await stat
        .locator(".value")
        .filter({ hasText: n.toLocaleString("en-US") })
        .waitFor();
    }
    const sparkline = await stat.locator("svg").boundingBox();
    const drawing = await stat.locator(".stat").boundingBox();
    expect(sparkline!.y < drawing!.y + drawing!.height).toBe(hasRoom);
    expect(await stat.locator(".stat").evaluate((element) => getComputedStyle(element).overflowX)).toBe("visible");
  });
});

describe("states", () => {
  const tags = ["moose-line-chart", "moose-bar-chart", "moose-stat"] as const;

  it.each(tags)("<%s> goes from loading over rows to empty without moving what is below", async (tag) => {
    const { page } = await pages.open(
      `<${tag} x="minute" y="flights"><p slot="empty">Nothing flew</p></${tag}><p id="below">below</p>`,
    );
    const element = page.locator(tag);
    await element.locator(".skeleton").waitFor();
    const below = async () => (await page.locator("#below").boundingBox())?.y;
    const atFirst = await below();
    const seen = await element.evaluate(async (host, rows) => {
      const changes: string[] = [];
      (host as HTMLElement).addEventListener("moose-state-change", (event) =>
        changes.push(`${event.detail.previous} to ${event.detail.state}`),
      );
      const chart = host as HTMLElementTagNameMap["moose-stat"];
      chart.data = rows;
      await chart.updateComplete;
      chart.data = [];
      await chart.updateComplete;
      return changes;
    }, minutes);
    expect(seen).toEqual(["loading to ready", "ready to empty"]);
    expect(await element.evaluate((host) => host.matches(":state(empty)"))).toBe(true);
    await page.getByText("Nothing flew").waitFor();
    expect(await below()).toBe(atFirst);
  });

  it.each(tags)("<%s> says what is wrong with an attribute and offers to try again", async (tag) => {
    const { page } = await pages.open(`<${tag} query="Flights" x="minute" y="flights" filter="origin"></${tag}>`);
    const element = page.locator(tag);
    await element.getByText('The filter "origin" has no "="').waitFor();
    await element.getByRole("button", { name: "Try again" }).waitFor();
    expect(await element.evaluate((host) => host.matches(":state(error)"))).toBe(true);
  });

  it("shows the server's refusal as an error", async () => {
    const { page } = await pages.open(`<moose-stat query="Nothing" y="flights"></moose-stat>`);
    await page.locator("moose-stat").getByRole("alert").waitFor();
  });
});

describe("accessibility", () => {
  it.each(["light", "dark"] as const)(
    "has no axe violation in the %s scheme, and nothing moves under reduced motion",
    async (colorScheme) => {
      const { page } = await pages.open(
        `<h1>Flights</h1><div class="grid">
      <moose-stat y="flights" label="Flights"></moose-stat>
      <moose-line-chart x="minute" y="flights,delay" label="By minute"></moose-line-chart>
      <moose-bar-chart x="minute" y="flights" label="Bars"></moose-bar-chart>
      <moose-bar-chart id="loading" x="minute" y="flights" label="Loading"></moose-bar-chart>
      <moose-bar-chart id="error" x="minute" y="flights" label="Error" query="Flights" filter="x"></moose-bar-chart></div>`,
        { colorScheme, reducedMotion: "reduce" },
      );
      await page.evaluate((rows) => {
        for (const element of document.querySelectorAll("moose-stat, moose-line-chart, moose-bar-chart:not([id])")) {
          Object.assign(element, { data: rows.slice(0, 8) });
        }
      }, minutes);
      await page.locator("moose-line-chart canvas").waitFor();
      await page.locator("#error").getByRole("alert").waitFor();
      await page.addScriptTag({ content: axe.source });
      const violations = await page.evaluate(async () => {
        const axe = (window as unknown as { axe: typeof import("axe-core") }).axe;
        const result = await axe.run();
        return result.violations.map(
          (violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" | ")}`,
        );
      });
      expect(violations).toEqual([]);
      expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    },
  );
});

/** Pixels of the canvas that are drawn. */
async function inkOf(chart: import("playwright-core").Locator): Promise<number> {
  return chart.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
    const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let drawn = 0;
    for (let at = 3; at < pixels.length; at += 4) if ((pixels[at] ?? 0) > 200) drawn++;
    return drawn;
  });
}
