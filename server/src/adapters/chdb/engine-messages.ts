// What the engine's process and its parent say to each other over the IPC channel.
import type { ErrorCode } from "../../model/errors.ts";

/** Handed over as the process's one argument, in JSON. The password is read from the folder, so that no process list shows it. */
export interface EngineArguments {
  readonly dataDir: string;
  readonly port: number;
  readonly username: string;
}

export type FromEngine =
  | { readonly type: "progress"; readonly message: string }
  | { readonly type: "warning"; readonly message: string }
  | { readonly type: "ready"; readonly port: number; readonly version: string }
  | { readonly type: "failed"; readonly code: ErrorCode; readonly message: string };

export type ToEngine = { readonly type: "stop" };

export const passwordFile = "password";

/** Queries and inserts at a time: threads of libuv's pool that the engine may hold. */
export const querySlots = 4;
export const insertSlots = 2;
export const laneThreads = querySlots + insertSlots;
