// Refuses a body that is not said to be JSON.
import { MooseError } from "../model/errors.ts";
import type { HttpExchange } from "./http-types.ts";

/** Throws `unsupported_media_type`. Call before the handler's first await. */
export function requireJson(exchange: HttpExchange): void {
  const contentType = exchange.header("content-type");
  if (contentType.split(";")[0]!.trim().toLowerCase() === "application/json") return;
  const shown = contentType === "" ? "missing" : `"${contentType.slice(0, 100)}"`;
  throw new MooseError("unsupported_media_type", `The Content-Type is ${shown}. Send application/json.`, {
    extra: { accepted: ["application/json"] },
  });
}
