// How busy and how late each airport is, by the airport that a flight left.
import { aggregation, avg, count, max, min } from "@moose/core";
import { Flight } from "../models/flight.ts";

export const FlightsByOrigin = aggregation("FlightsByOrigin", {
  from: Flight,
  dimensions: { origin: "origin" },
  measures: { flights: count(), averageDelay: avg("delay"), maxDelay: max("delay"), minDelay: min("delay") },
});
