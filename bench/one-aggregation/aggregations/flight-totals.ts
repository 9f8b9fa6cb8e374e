// And one of its aggregations, whose answer shows that an event can be queried.
export { FlightTotals } from "../../../examples/flights/aggregations/flight-totals.ts";
