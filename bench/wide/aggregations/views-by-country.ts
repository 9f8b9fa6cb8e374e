// One usual aggregation over page views.
import { aggregation, avg, count, time } from "@moose/core";
import { PageView } from "../models/page-view.ts";

export const ViewsByCountry = aggregation("ViewsByCountry", {
  from: PageView,
  dimensions: { minute: time("viewedAt", "minute"), country: "country" },
  measures: { views: count(), averageDurationMs: avg("durationMs") },
});
