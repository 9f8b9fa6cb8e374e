// Reads the arguments of the `moose` command.
import { parseArgs } from "node:util";
import { nearestName } from "../lib/nearest-name.ts";
import type { UserConfig } from "../model/config.ts";
import { parseRoles } from "./parse-roles.ts";
import { UsageError } from "./usage-error.ts";

const commands = ["dev", "check", "serve"] as const;
export type CommandName = (typeof commands)[number];

export interface Command {
  readonly name: CommandName | "help" | "version";
  readonly dir: string;
  readonly overrides: UserConfig;
  readonly reset: boolean;
  readonly soleWriter: boolean;
  readonly colour: boolean;
}

const options = {
  port: { type: "string" },
  "clickhouse-port": { type: "string" },
  host: { type: "string" },
  "data-dir": { type: "string" },
  reset: { type: "boolean" },
  roles: { type: "string" },
  workers: { type: "string" },
  "sole-writer": { type: "boolean" },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

const optionsOf: Readonly<Record<CommandName, readonly string[]>> = {
  dev: ["port", "clickhouse-port", "host", "data-dir", "reset"],
  check: [],
  serve: ["port", "clickhouse-port", "host", "data-dir", "roles", "workers", "sole-writer"],
};

/** Throws UsageError. */
export function parseCommand(args: readonly string[]): Command {
  refuseUnknownOptions(args);
  const { values, positionals } = parse(args);
  const [name, dir = ".", ...more] = positionals;
  const rest = { dir, overrides: {}, reset: false, soleWriter: false, colour: values["no-color"] !== true };
  if (values.version) return { ...rest, name: "version" };
  if (values.help || name === "help") return { ...rest, name: "help" };
  if (name === undefined)
    throw new UsageError("Say what to do: moose dev runs the project in this folder. All commands: moose --help.");
  if (!isCommand(name))
    throw new UsageError(
      `"${name}" is not a command${didYouMean(name, [...commands, "quarantine"], "")} All commands: moose --help.`,
    );
  if (more.length > 0) throw new UsageError(`moose ${name} takes one folder; "${more[0]}" is one too many.`);
  for (const option of Object.keys(values)) {
    const general = option === "no-color";
    if (!general && !optionsOf[name].includes(option)) throw new UsageError(`moose ${name} has no option --${option}.`);
  }
  const port = portOf("port", values.port);
  const clickHousePort = portOf("clickhouse-port", values["clickhouse-port"]);
  const workers = workersOf(values.workers);
  return {
    ...rest,
    name,
    reset: values.reset === true,
    soleWriter: values["sole-writer"] === true,
    overrides: {
      ...(values["data-dir"] === undefined ? {} : { dataDir: values["data-dir"] }),
      ...(values.roles === undefined ? {} : { roles: parseRoles(values.roles, "--roles") }),
      ...(workers === undefined ? {} : { workers }),
      http: { ...(port === undefined ? {} : { port }), ...(values.host === undefined ? {} : { host: values.host }) },
      clickhouse: clickHousePort === undefined ? {} : { port: clickHousePort },
    },
  };
}

const isCommand = (name: string): name is CommandName => (commands as readonly string[]).includes(name);

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // Node's own sentence: "Option '--port <value>' argument missing".
    throw new UsageError(`${(error as Error).message}. All options: moose --help.`);
  }
}

function refuseUnknownOptions(args: readonly string[]): void {
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === "option" && !Object.hasOwn(options, token.name)) {
      throw new UsageError(
        `${token.rawName} is not an option${didYouMean(token.name, Object.keys(options), "--")} All options: moose --help.`,
      );
    }
  }
}

function didYouMean(typed: string, known: readonly string[], prefix: string): string {
  const nearest = nearestName(typed, known);
  return nearest === undefined ? "." : `: did you mean ${prefix}${nearest}?`;
}

function portOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new UsageError(`--${option} must be a port number from 0 to 65535, not "${text}".`);
  }
  return Number(text);
}

function workersOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,2}$/.test(text) || Number(text) < 1 || Number(text) > 64) {
    throw new UsageError(`--workers must be a number of processes from 1 to 64, not "${text}".`);
  }
  return Number(text);
}
