// Public API of the package: the contract of the server, the generator that adds a project, and the live protocol.
export { addProject } from "./add-project.ts";
export { contract } from "./generated/contract.generated.ts";
export type { components, operations, paths } from "./generated/types.generated.ts";
export * from "./live-protocol.ts";
export type { JsonSchema, OpenApiDocument } from "./open-api-document.ts";
export type * from "./project.ts";
