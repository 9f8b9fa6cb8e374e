// Public API of the package: the contract of the server and the live protocol.
export * from "./live-protocol.ts";
