// Flights and their delay for each second of the replay: the live line of the dashboard.
import { aggregation, avg, count, time } from "@moose/core";
import { Flight } from "../models/flight.ts";

export const FlightsBySecond = aggregation("FlightsBySecond", {
  from: Flight,
  dimensions: { second: time("seenAt", "second") },
  measures: { flights: count(), averageDelay: avg("delay") },
});
