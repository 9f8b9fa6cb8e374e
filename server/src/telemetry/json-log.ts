// A log for machines: one JSON object a line.
import type { Log, LogFields, LogLevel } from "./log.ts";
import { logLevels } from "./log-levels.ts";

export interface JsonLogOptions {
  /** Lines below it are not written; default info. */
  readonly level?: LogLevel;
  readonly write?: (line: string) => void;
  readonly now?: () => Date;
}

export function createJsonLog(options: JsonLogOptions = {}): Log {
  const { write = (line) => void process.stdout.write(`${line}\n`), now = () => new Date() } = options;
  const lowest = logLevels.indexOf(options.level ?? "info");
  const withComponent = (component: string): Log => {
    const line =
      (level: LogLevel) =>
      (message: string, fields?: LogFields): void => {
        if (logLevels.indexOf(level) < lowest) return;
        // The fixed members come last, so that a field of the same name cannot stand in for them.
        write(JSON.stringify({ ...fields, time: now().toISOString(), level, component, message }));
      };
    return {
      debug: line("debug"),
      info: line("info"),
      warn: line("warn"),
      error: line("error"),
      child: (name) => withComponent(name),
    };
  };
  return withComponent("moose");
}
