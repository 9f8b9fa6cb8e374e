// One delay by time of day: the smaller set (200,000 flights of 2001) that knows the hour but not the airports.
import { type Infer, model, t } from "@moose/core";

export const DelayReading = model(
  "DelayReading",
  {
    seenAt: t.dateTime64(3).key().describe("When the reading was reported: the clock of the replay"),
    hour: t.uint8().max(23).describe("Hour of the day in which the flight left"),
    timeOfDay: t.float32().describe("The same with its minutes, as a fraction: 13.5 is half past one"),
    delay: t.int16().describe("Minutes late on arrival; negative is early"),
    distance: t.uint16().describe("Miles flown"),
  },
  { description: "A flight's delay by time of day" },
);

export type DelayReading = Infer<typeof DelayReading>;
