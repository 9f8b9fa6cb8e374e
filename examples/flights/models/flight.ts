// One flight as it is reported: 3 million real ones (United States, January to June 2001) replay through this model.
import { type Infer, type InferRow, model, t } from "@moose/core";

export const Flight = model(
  "Flight",
  {
    seenAt: t.dateTime64(3).key().describe("When the flight was reported: the clock of the replay"),
    scheduledAt: t.dateTime().describe("When the flight was to leave, on the real day in 2001"),
    origin: t.string().lowCardinality().describe("Airport that it left, IATA code"),
    destination: t.string().lowCardinality().describe("Airport that it flew to, IATA code"),
    delay: t.int16().describe("Minutes late on arrival; negative is early"),
    distance: t.uint16().describe("Miles between the airports"),
  },
  { description: "A reported flight" },
);

export type Flight = Infer<typeof Flight>;
export type FlightRow = InferRow<typeof Flight>;
