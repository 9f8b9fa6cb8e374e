// Reads the arguments of the `moose` command.
import { parseArgs } from "node:util";
import { nearestName } from "../lib/nearest-name.ts";
import type { UserConfig } from "../model/config.ts";
import type { AuditCommand } from "./audit.ts";
import { parseRoles } from "./parse-roles.ts";
import { UsageError } from "./usage-error.ts";

const commands = ["dev", "check", "serve", "audit"] as const;
export type CommandName = (typeof commands)[number];

export interface Command {
  readonly name: CommandName | "help" | "version";
  readonly dir: string;
  readonly overrides: UserConfig;
  readonly reset: boolean;
  readonly soleWriter: boolean;
  readonly colour: boolean;
  /** Of `moose audit`. */
  readonly audit?: AuditCommand;
}

const options = {
  port: { type: "string" },
  "clickhouse-port": { type: "string" },
  host: { type: "string" },
  "data-dir": { type: "string" },
  reset: { type: "boolean" },
  roles: { type: "string" },
  workers: { type: "string" },
  url: { type: "string" },
  wait: { type: "string" },
  json: { type: "boolean" },
  "sole-writer": { type: "boolean" },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

const optionsOf: Readonly<Record<CommandName, readonly string[]>> = {
  dev: ["port", "clickhouse-port", "host", "data-dir", "reset"],
  check: [],
  audit: ["url", "wait", "json"],
  serve: ["port", "clickhouse-port", "host", "data-dir", "roles", "workers", "sole-writer"],
};

/** Where `moose dev` listens. */
const DEFAULT_URL = "http://127.0.0.1:4000";

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
      `"${name}" is not a command${didYouMean(name, [...commands, "quarantine", "generate"], "")} All commands: moose --help.`,
    );
  if (more.length > 0) throw new UsageError(`moose ${name} takes one folder; "${more[0]}" is one too many.`);
  for (const option of Object.keys(values)) {
    const general = option === "no-color";
    if (!general && !optionsOf[name].includes(option)) throw new UsageError(`moose ${name} has no option --${option}.`);
  }
  if (name === "audit") {
    if (positionals.length > 1)
      throw new UsageError(`moose audit asks a running server and takes no folder; "${dir}" is one too many.`);
    const audit = { url: urlOf(values.url), waitSeconds: waitOf(values.wait), json: values.json === true };
    return { ...rest, name, audit };
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

function urlOf(text = DEFAULT_URL): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new UsageError(`--url must be the address of a server, such as ${DEFAULT_URL}, not "${text}".`);
  return text;
}

function waitOf(text = "30"): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 600)
    throw new UsageError(`--wait must be a number of seconds from 0 to 600, not "${text}".`);
  return Number(text);
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
