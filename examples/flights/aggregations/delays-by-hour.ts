// Delay by hour of the day, from the set that knows the hour.
import { aggregation, avg, count, max } from "@moose/core";
import { DelayReading } from "../models/delay-reading.ts";

export const DelaysByHour = aggregation("DelaysByHour", {
  from: DelayReading,
  dimensions: { hour: "hour" },
  measures: { flights: count(), averageDelay: avg("delay"), maxDelay: max("delay") },
});
