// The replay: what it reads from the data files, how it hands rows out, how it keeps its rate.
import { describe, expect, it } from "vitest";
import { Pace } from "./pace.ts";
import { parseOptions } from "./parse-options.ts";
import { readingsJson, readJsonReadings } from "./read-json-readings.ts";
import { flightsParquet, readParquetFlights } from "./read-parquet-flights.ts";
import { RowCursor } from "./row-cursor.ts";

describe("the data", () => {
  it("reads three million flights in order, all within the model's types", async () => {
    let flights = 0;
    let first: unknown;
    let lastMs = 0;
    let inOrder = true;
    const delay = { min: 0, max: 0 };
    const distance = { min: 9999, max: 0 };
    for await (const batch of readParquetFlights(flightsParquet(), 5000)) {
      first ??= batch[0];
      flights += batch.length;
      for (const flight of batch) {
        const ms = flight.scheduledAt.getTime();
        if (ms < lastMs) inOrder = false;
        lastMs = ms;
        if (flight.delay < delay.min) delay.min = flight.delay;
        if (flight.delay > delay.max) delay.max = flight.delay;
        if (flight.distance < distance.min) distance.min = flight.distance;
        if (flight.distance > distance.max) distance.max = flight.distance;
      }
    }
    expect(flights).toBe(3_000_000);
    expect(inOrder).toBe(true);
    expect(first).toEqual({
      scheduledAt: new Date("2001-01-01T00:01:00.000Z"),
      origin: "LAS",
      destination: "PHL",
      delay: 33,
      distance: 2176,
    });
    expect(delay).toEqual({ min: -1116, max: 1688 });
    expect(distance).toEqual({ min: 21, max: 4962 });
  }, 60_000);

  it("reads all 200,000 readings, also where a chunk ends inside one", async () => {
    let readings = 0;
    let late = 0;
    let first: unknown;
    for await (const batch of readJsonReadings(readingsJson(), 700)) {
      first ??= batch[0];
      readings += batch.length;
      late += batch.filter(({ hour, timeOfDay }) => hour === Math.floor(timeOfDay) && hour <= 23).length;
    }
    expect(readings).toBe(200_000);
    expect(late).toBe(readings);
    expect(first).toEqual({ hour: 0, timeOfDay: 0, delay: 0, distance: 1452 });
  });
});

describe("RowCursor", () => {
  async function* twoBatches() {
    yield [1, 2, 3];
    yield [4];
  }

  it("hands rows out in the numbers asked for, up to the end", async () => {
    const cursor = new RowCursor(twoBatches, false);
    expect([await cursor.take(2), await cursor.take(2), await cursor.take(9), await cursor.take(1)]).toEqual([
      [1, 2],
      [3],
      [4],
      [],
    ]);
  });

  it("begins again when it loops", async () => {
    const cursor = new RowCursor(twoBatches, true);
    const taken: number[] = [];
    while (taken.length < 6) taken.push(...(await cursor.take(1)));
    expect(taken).toEqual([1, 2, 3, 4, 1, 2]);
  });
});

describe("Pace", () => {
  it("keeps the rate with uneven ticks, carrying fractions on", () => {
    const pace = new Pace(333, 0);
    let due = 0;
    for (let nowMs = 0; nowMs <= 60_000; nowMs += 1 + (nowMs % 37)) due += pace.due(nowMs);
    expect(due).toBeGreaterThan(333 * 60 - 20);
    expect(due).toBeLessThanOrEqual(333 * 60);
  });

  it("does not make up for a long stall, and knows no pace at rate 0", () => {
    expect(new Pace(1000, 0).due(3_600_000)).toBe(250);
    expect(new Pace(0, 0).due(1)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("parseOptions", () => {
  it("has defaults, and takes the server from the environment", () => {
    expect(parseOptions([], {})).toEqual({
      url: "http://localhost:4000",
      source: "both",
      rate: 500,
      loop: false,
      limit: Number.POSITIVE_INFINITY,
      waitMs: 60_000,
    });
    expect(parseOptions(["--rate", "0", "--limit", "10"], { MOOSE_URL: "http://h:1" })).toMatchObject({
      url: "http://h:1",
      rate: 0,
      limit: 10,
    });
  });

  it.each([
    [["--rate", "fast"], '--rate is a number of at least 0, not "fast"'],
    [["--rate", ""], '--rate is a number of at least 0, not ""'],
    [["--source", "csv"], '--source is parquet, json or both, not "csv"'],
    [["--spped", "1"], "--spped"],
  ])("refuses %j", (args, message) => {
    expect(() => parseOptions(args, {})).toThrow(message);
  });
});
