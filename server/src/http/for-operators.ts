// Routes for those who run the server: they show events, and put them back. Until there are tokens, only this machine may call them.
import { MooseError } from "../model/errors.ts";
import type { HttpExchange, Route } from "./http-types.ts";

/** Who may call these routes: programs on this machine, or whoever reaches the port (a proxy or a network keeps others away). */
export type OperatorAccess = "loopback" | "everyone";

/** A request that was passed on is somebody else's, wherever it comes from last. */
const FORWARDING = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/** The same routes; those who may not call them get `forbidden`. */
export function forOperators(routes: readonly Route[], access: OperatorAccess): readonly Route[] {
  if (access === "everyone") return routes;
  return routes.map((route) => ({
    ...route,
    handler(exchange, parameters) {
      refuseOthers(exchange);
      return route.handler(exchange, parameters);
    },
  }));
}

function refuseOthers(exchange: HttpExchange): void {
  const forwardedBy = FORWARDING.find((name) => exchange.header(name) !== "");
  if (forwardedBy !== undefined) throw refused(`this request came through a proxy (${forwardedBy})`);
  if (!exchange.fromLoopback()) throw refused("this request comes from another machine");
  const origin = exchange.header("origin");
  // A page of another site may not use a browser on this machine to look at events, whatever CORS allows for other routes.
  if (origin !== "" && !(URL.canParse(origin) && new URL(origin).host === exchange.header("host"))) {
    throw refused("this request comes from a page of another site");
  }
}

const refused = (why: string): MooseError =>
  new MooseError(
    "forbidden",
    `Only programs on the server's own machine may do this, and ${why}. Run the command there, or set http.operators to "everyone" where the network keeps others away.`,
  );
