// What latency is measured with: the model of the example.
export { Flight } from "../../../examples/flights/models/flight.ts";
