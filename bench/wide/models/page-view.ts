// An event of the usual size of flat product events, about 270 bytes: text, numbers, enums, an array, optional fields.
import { model, t } from "@moose/core";

export const PageView = model(
  "PageView",
  {
    viewedAt: t.dateTime64(3).key(),
    viewId: t.uuid(),
    userId: t.string(),
    path: t.string(),
    referrer: t.string().optional(),
    device: t.enum(["desktop", "mobile", "tablet"]),
    country: t.string().lowCardinality(),
    durationMs: t.uint32(),
    scrollDepth: t.float64(),
    tags: t.array(t.string()),
    campaign: t.string().optional(),
  },
  { description: "A page that somebody looked at" },
);
