// Reads a list of roles, as `--roles` and MOOSE_ROLES have it.
import { nearestName } from "../lib/nearest-name.ts";
import { allRoles, isRole, type Role } from "../model/roles.ts";
import { UsageError } from "./usage-error.ts";

/** `source` is where the text stands, for the message. Throws UsageError. */
export function parseRoles(text: string, source: string): readonly Role[] {
  const roles: Role[] = [];
  for (const name of text.split(",").map((part) => part.trim())) {
    if (name === "") {
      throw new UsageError(`${source} names no role${text.trim() === "" ? "" : " between two commas"}. ${known}`);
    }
    if (!isRole(name)) {
      const nearest = nearestName(name, allRoles);
      throw new UsageError(
        `${source}: "${name}" is not a role${nearest === undefined ? "." : `: did you mean ${nearest}?`} ${known}`,
      );
    }
    if (roles.includes(name)) throw new UsageError(`${source} names the role ${name} twice.`);
    roles.push(name);
  }
  return roles;
}

const known = `The roles are ${allRoles.join(", ")}.`;
