// Flights and their delay for each minute of the replay.
import { aggregation, avg, count, max, time } from "@moose/core";
import { Flight } from "../models/flight.ts";

export const FlightsByMinute = aggregation("FlightsByMinute", {
  from: Flight,
  dimensions: { minute: time("seenAt", "minute") },
  measures: { flights: count(), averageDelay: avg("delay"), maxDelay: max("delay") },
});
