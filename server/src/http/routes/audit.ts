// `GET /audit`: the account of every event.
import type { Audit } from "../../audit/audit.ts";
import { MooseError } from "../../model/errors.ts";
import type { Route } from "../http-types.ts";

const DEFAULT_WAIT_SECONDS = 30;
const MAX_WAIT_SECONDS = 600;

/** Without an audit, in a process that lacks the role for it, it says so. */
export const auditRoutes = (audit: Audit = nowhere): readonly Route[] => [
  {
    method: "GET",
    path: "/audit",
    handler: async (exchange) => {
      const report = await audit({ waitMs: readWait(exchange.query) * 1000, signal: exchange.signal });
      exchange.reply(200, "application/json", JSON.stringify(report), [["cache-control", "no-store"]]);
    },
  },
];

const nowhere: Audit = () => {
  throw new MooseError("not_found", "This process does not have the role query. Ask one that does.");
};

function readWait(query: string): number {
  const text = new URLSearchParams(query).get("wait");
  if (text === null) return DEFAULT_WAIT_SECONDS;
  if (!/^\d{1,3}$/.test(text) || Number(text) > MAX_WAIT_SECONDS) {
    throw new MooseError(
      "invalid_parameter",
      `wait must be a number of seconds from 0 to ${MAX_WAIT_SECONDS}, not "${text.slice(0, 100)}".`,
    );
  }
  return Number(text);
}
