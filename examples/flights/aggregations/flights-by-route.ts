// Traffic and delay of each pair of airports.
import { aggregation, avg, count, max } from "@moose/core";
import { Flight } from "../models/flight.ts";

export const FlightsByRoute = aggregation("FlightsByRoute", {
  from: Flight,
  dimensions: { origin: "origin", destination: "destination" },
  measures: { flights: count(), averageDelay: avg("delay"), distance: max("distance") },
});
