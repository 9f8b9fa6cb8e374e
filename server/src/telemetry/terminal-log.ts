// A log for people at a terminal: time, level, component, message, key=value. No colour into a pipe or with NO_COLOR.
import pico from "picocolors";
import type { Log, LogFields, LogLevel } from "./log.ts";
import { logLevels } from "./log-levels.ts";

export interface TerminalLogOptions {
  /** Lines below it are not written; default info. */
  readonly level?: LogLevel;
  readonly write?: (line: string) => void;
  /** Default: a terminal that shows colours, and NO_COLOR is not set. */
  readonly colour?: boolean;
  readonly now?: () => Date;
}

const COMPONENT_WIDTH = 9;

export function createTerminalLog(options: TerminalLogOptions = {}): Log {
  const {
    write = (line) => void process.stderr.write(`${line}\n`),
    colour = process.stderr.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb",
    now = () => new Date(),
  } = options;
  const lowest = logLevels.indexOf(options.level ?? "info");
  const paint = pico.createColors(colour);
  const labels: Readonly<Record<LogLevel, string>> = {
    debug: paint.gray("debug"),
    info: paint.green("info "),
    warn: paint.yellow("warn "),
    error: paint.red("error"),
  };

  const withComponent = (component: string): Log => {
    const line =
      (level: LogLevel) =>
      (message: string, fields?: LogFields): void => {
        if (logLevels.indexOf(level) < lowest) return;
        const named = paint.cyan(component.padEnd(COMPONENT_WIDTH));
        const text = level === "error" ? paint.red(printable(message)) : printable(message);
        const values = fields === undefined ? "" : shownFields(fields, paint.dim);
        write(`${paint.dim(clock(now()))} ${labels[level]} ${named} ${text}${values}`);
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

function shownFields(fields: LogFields, dim: (text: string) => string): string {
  let text = "";
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const plain = printable(String(value)).replaceAll("\n", "\\n");
    text += ` ${dim(`${name}=`)}${plain === "" || /[\s"=]/.test(plain) ? JSON.stringify(plain) : plain}`;
  }
  return text;
}

/** A value from outside must not move the cursor or fake a line; new lines of ours stay. */
const printable = (text: string): string =>
  text.replace(/(?!\n)\p{Cc}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

const clock = (date: Date): string => {
  const two = (value: number): string => String(value).padStart(2, "0");
  const milliseconds = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
};
