// Both SDKs and the example's definitions, bundled for a page as an app would bundle them.
export { createConsumption } from "@moose/consumption";
export { createIngest } from "@moose/ingest";
export { FlightTotals } from "../../examples/flights/aggregations/flight-totals.ts";
export { Flight } from "../../examples/flights/models/flight.ts";
