// The model that clients of the crash tests send.
import { model, t } from "@moose/core";

export const Reading = model("Reading", {
  id: t.string().key(),
  round: t.uint32(),
  value: t.uint32(),
});
