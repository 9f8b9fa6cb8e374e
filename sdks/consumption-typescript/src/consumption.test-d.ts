// The public types, held by the compiler: a wrong line here does not compile, and a line that must not compile says so.
import { aggregation, avg, count, max, model, sum, t, time } from "@moose/core";
import type { Consumption, LiveUpdate, UntypedRow } from "./index.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_T extends true>(): void => {};

const Flight = model("Flight", {
  seenAt: t.dateTime64(3),
  origin: t.string().lowCardinality(),
  serial: t.uint64(),
  delay: t.int16(),
  gate: t.int16().optional(),
});
const FlightsByMinute = aggregation("FlightsByMinute", {
  from: Flight,
  dimensions: { minute: time("seenAt", "minute"), origin: "origin", serial: "serial" },
  measures: { flights: count(), averageDelay: avg("delay"), maxGate: max("gate"), totalDelay: sum("delay") },
});

/** Never called: only its types are of interest. */
export async function types(moose: Consumption): Promise<void> {
  const all = await moose.query(FlightsByMinute);
  holds<
    Equal<
      (typeof all.rows)[number],
      {
        minute: string;
        origin: string;
        serial: bigint;
        flights: bigint;
        averageDelay: number;
        maxGate: number | null;
        totalDelay: bigint;
      }
    >
  >();

  const some = await moose.query(FlightsByMinute, { dimensions: ["minute"], measures: ["flights"] });
  holds<Equal<(typeof some.rows)[number], { minute: string; flights: bigint }>>();

  const noDimension = await moose.query(FlightsByMinute, { dimensions: [], measures: ["flights"] });
  holds<Equal<(typeof noDimension.rows)[number], { flights: bigint }>>();

  const onlyDimensions = await moose.query(FlightsByMinute, { dimensions: ["origin"] });
  holds<
    Equal<
      (typeof onlyDimensions.rows)[number],
      { origin: string; flights: bigint; averageDelay: number; maxGate: number | null; totalDelay: bigint }
    >
  >();

  for await (const update of moose.live(FlightsByMinute, { dimensions: ["origin"], measures: ["flights"] })) {
    holds<Equal<typeof update, LiveUpdate<{ origin: string; flights: bigint }>>>();
  }
  for await (const { value } of moose.subscribeEvents(Flight)) {
    holds<Equal<typeof value.serial, bigint>>();
    holds<Equal<typeof value.gate, number | null>>();
  }
  const untyped = await moose.query("FlightsByMinute", { dimensions: ["whatever"] });
  holds<Equal<(typeof untyped.rows)[number], UntypedRow>>();

  await moose.query(FlightsByMinute, {
    filters: { minute: { gte: new Date() }, origin: { in: ["LAX"] }, serial: 5n },
    grain: { minute: "hour" },
    orderBy: ["-flights", "minute"],
  });
  // @ts-expect-error: no such dimension
  await moose.query(FlightsByMinute, { dimensions: ["nope"] });
  // @ts-expect-error: a measure is not a dimension
  await moose.query(FlightsByMinute, { dimensions: ["flights"] });
  // @ts-expect-error: no such measure
  await moose.query(FlightsByMinute, { measures: ["origin"] });
  // @ts-expect-error: filters are on dimensions
  await moose.query(FlightsByMinute, { filters: { flights: 1n } });
  // @ts-expect-error: a string is not compared with a number
  await moose.query(FlightsByMinute, { filters: { origin: 5 } });
  // @ts-expect-error: no such grain
  await moose.query(FlightsByMinute, { grain: "fortnight" });
  // @ts-expect-error: no such column
  await moose.query(FlightsByMinute, { orderBy: ["-nope"] });
}
