// The levels of the log, from the least to the most severe.
import type { LogLevel } from "./log.ts";

export const logLevels: readonly LogLevel[] = ["debug", "info", "warn", "error"];
