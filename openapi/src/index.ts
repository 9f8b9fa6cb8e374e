// Public API of the package: the contract of the server, the generator that adds a project, and the live protocol.
export { addLiveProject } from "./add-live-project.ts";
export { addProject } from "./add-project.ts";
export type { AsyncApiDocument } from "./async-api-document.ts";
export { contract } from "./generated/contract.generated.ts";
export { liveContract } from "./generated/live-contract.generated.ts";
export type { components, operations, paths } from "./generated/types.generated.ts";
export * from "./live-protocol.ts";
export type { JsonSchema, OpenApiDocument } from "./open-api-document.ts";
export type * from "./project.ts";
