// What sustained ingest is measured with: an event of 100 bytes.
import { model, t } from "@moose/core";

export const Measurement = model("Measurement", {
  at: t.dateTime64(3).key(),
  sensor: t.string().lowCardinality().key(),
  temperature: t.float64(),
  humidity: t.uint8(),
  ok: t.boolean(),
});
