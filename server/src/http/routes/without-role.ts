// The routes of a role that this process does not have: they say so, rather than "nothing is here".
import { MooseError } from "../../model/errors.ts";
import type { Role } from "../../model/roles.ts";
import type { Route } from "../http-types.ts";

const paths: Readonly<Record<"ingest" | "query", readonly (readonly [Route["method"], string])[]>> = {
  ingest: [
    ["POST", "/ingest/{model}"],
    ["POST", "/ingest/{model}/{version}"],
  ],
  query: [
    ["GET", "/query/{name}"],
    ["POST", "/query/{name}"],
    ["GET", "/live"],
    ["GET", "/openapi.json"],
    ["GET", "/asyncapi.json"],
    ["GET", "/docs"],
    ["GET", "/docs/{file}"],
    ["GET", "/catalog"],
  ],
};

/** 404, so that nobody waits for what will not come. */
export const withoutRole = (role: Role & keyof typeof paths): readonly Route[] =>
  paths[role].map(([method, path]) => ({
    method,
    path,
    handler() {
      throw new MooseError(
        "not_found",
        `This process does not have the role ${role}. Ask one that does: moose serve --roles ${role}.`,
      );
    },
  }));
