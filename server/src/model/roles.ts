// The roles: the parts of the server that can run as processes of their own.

/** In the order in which they are named everywhere. */
export const allRoles = ["ingest", "query", "writer", "functions"] as const;

export type Role = (typeof allRoles)[number];

export const isRole = (name: string): name is Role => (allRoles as readonly string[]).includes(name);
