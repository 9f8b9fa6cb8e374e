// The replay: real rows sent as events of now, at a rate, until the data, the limit or the signal ends it.
import { setTimeout as pause } from "node:timers/promises";
import type { Ingest } from "@moose/ingest";
import { DelayReading } from "../models/delay-reading.ts";
import { Flight } from "../models/flight.ts";
import { Pace } from "./pace.ts";
import type { ReplayOptions } from "./parse-options.ts";
import { readingsJson, readJsonReadings } from "./read-json-readings.ts";
import { flightsParquet, readParquetFlights } from "./read-parquet-flights.ts";
import { RowCursor } from "./row-cursor.ts";

export type FlightsIngest = Ingest<readonly [typeof Flight, typeof DelayReading]>;

/** Small enough that a chart moves smoothly, large enough that timers cost nothing. */
const TICK_MS = 20;
const BATCH_ROWS = 500;
/** Of a replay of both sources, this part is flights. */
const FLIGHTS_SHARE = 0.8;

/** Resolves to the number of events that were sent. */
export async function replayFlights(
  ingest: FlightsIngest,
  options: ReplayOptions,
  signal: AbortSignal,
): Promise<number> {
  const flights = async (rate: number, limit: number) => {
    const cursor = new RowCursor(() => readParquetFlights(flightsParquet(), BATCH_ROWS), options.loop);
    return replayRows(cursor, rate, limit, signal, (rows) => ingest.sendMany(Flight, withTime(rows), { signal }));
  };
  const readings = async (rate: number, limit: number) => {
    const cursor = new RowCursor(() => readJsonReadings(readingsJson(), BATCH_ROWS), options.loop);
    return replayRows(cursor, rate, limit, signal, (rows) => ingest.sendMany(DelayReading, withTime(rows), { signal }));
  };
  const { source, rate, limit } = options;
  if (source === "parquet") return flights(rate, limit);
  if (source === "json") return readings(rate, limit);
  const flightsLimit = Number.isFinite(limit) ? Math.round(limit * FLIGHTS_SHARE) : limit;
  const sent = await Promise.all([
    flights(rate * FLIGHTS_SHARE, flightsLimit),
    readings(rate * (1 - FLIGHTS_SHARE), Number.isFinite(limit) ? limit - flightsLimit : limit),
  ]);
  return sent[0] + sent[1];
}

function withTime<Row extends object>(rows: readonly Row[]): (Row & { seenAt: Date })[] {
  const seenAt = new Date();
  return rows.map((row) => ({ seenAt, ...row }));
}

async function replayRows<Row>(
  cursor: RowCursor<Row>,
  rate: number,
  limit: number,
  signal: AbortSignal,
  send: (rows: readonly Row[]) => Promise<void>,
): Promise<number> {
  const pace = new Pace(rate, Date.now());
  let sent = 0;
  try {
    while (sent < limit && !signal.aborted) {
      let due = Math.min(pace.due(Date.now()), limit - sent);
      while (due > 0 && !signal.aborted) {
        const rows = await cursor.take(Math.min(due, BATCH_ROWS));
        if (rows.length === 0) return sent;
        await send(rows);
        sent += rows.length;
        due -= rows.length;
      }
      await pause(TICK_MS, undefined, { signal }).catch(() => {});
    }
    return sent;
  } catch (error) {
    if (signal.aborted) return sent;
    throw error;
  } finally {
    await cursor.close();
  }
}
