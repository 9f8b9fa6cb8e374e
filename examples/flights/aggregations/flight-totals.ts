// The whole set in one row: no dimension, every measure function.
import { aggregation, avg, count, max, min, sum } from "@moose/core";
import { Flight } from "../models/flight.ts";

export const FlightTotals = aggregation("FlightTotals", {
  from: Flight,
  dimensions: {},
  measures: {
    flights: count(),
    miles: sum("distance"),
    averageDelay: avg("delay"),
    minDelay: min("delay"),
    maxDelay: max("delay"),
  },
});
