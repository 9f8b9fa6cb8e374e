// Reads the arguments of `moose quarantine`.
import { parseArgs } from "node:util";
import { nearestName } from "../lib/nearest-name.ts";
import { type QuarantineSource, quarantineSources } from "../ports/quarantine.ts";
import type { EntryFilter } from "../ports/quarantine-desk.ts";
import { UsageError } from "./usage-error.ts";

interface Shared {
  /** Of the server, without a "/" at its end. */
  readonly url: string;
  /** For programs: JSON on stdout. */
  readonly json: boolean;
}

export type QuarantineCommand =
  | { readonly name: "help" }
  | ({ readonly name: "ls"; readonly filter: EntryFilter; readonly limit: number } & Shared)
  | ({ readonly name: "show"; readonly id: string; readonly raw: boolean } & Shared)
  | ({
      readonly name: "replay";
      /** Ids, or everything that the filter lets through and that did not go back yet. */
      readonly entries: readonly string[] | EntryFilter;
      readonly dryRun: boolean;
    } & Shared);

const verbs = ["ls", "show", "replay"] as const;
type Verb = (typeof verbs)[number];

const options = {
  url: { type: "string" },
  json: { type: "boolean" },
  model: { type: "string" },
  source: { type: "string" },
  code: { type: "string" },
  by: { type: "string" },
  since: { type: "string" },
  until: { type: "string" },
  replayed: { type: "boolean" },
  open: { type: "boolean" },
  limit: { type: "string" },
  raw: { type: "boolean" },
  all: { type: "boolean" },
  "dry-run": { type: "boolean" },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const filters = ["model", "source", "code", "by", "since", "until"];
const optionsOf: Readonly<Record<Verb, readonly string[]>> = {
  ls: [...filters, "replayed", "open", "limit"],
  show: ["raw"],
  replay: [...filters, "all", "dry-run"],
};
const general = ["url", "json", "no-color"];

const DEFAULT_URL = "http://127.0.0.1:4000";
const DEFAULT_LIMIT = 50;
const MOST_ENTRIES = 1_000_000;
const idPattern = /^[0-9a-f]{24}$/;
const help = "All options: moose quarantine --help.";

/** `args` follow the word quarantine; `nowMs` is what `--since 2h` counts from. Throws UsageError. */
export function parseQuarantine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  nowMs: number,
): QuarantineCommand {
  const { values, positionals } = parse(args);
  const [verb, ...ids] = positionals;
  if (values.help === true) return { name: "help" };
  if (verb === undefined) throw new UsageError(`Say what to do: moose quarantine ls, show or replay. ${help}`);
  if (!isVerb(verb)) {
    throw new UsageError(`moose quarantine has no "${verb}"${didYouMean(verb, verbs, "")} ${help}`);
  }
  for (const option of Object.keys(values)) {
    if (general.includes(option) || optionsOf[verb].includes(option)) continue;
    throw new UsageError(`moose quarantine ${verb} has no option --${option}. ${help}`);
  }
  const shared = { url: urlOf(values.url ?? environment.MOOSE_URL ?? DEFAULT_URL), json: values.json === true };
  for (const id of ids) {
    if (verb === "ls") throw new UsageError(`moose quarantine ls takes no "${id}": choose with options. ${help}`);
    if (!idPattern.test(id)) throw new UsageError(`"${id}" is not the id of an entry: moose quarantine ls shows them.`);
  }
  const filter = readFilter(values, nowMs);
  if (verb === "show") {
    if (ids.length !== 1) throw new UsageError("moose quarantine show takes one id: moose quarantine ls shows them.");
    return { name: "show", id: ids[0]!, raw: values.raw === true, ...shared };
  }
  if (verb === "ls") {
    if (values.replayed && values.open) throw new UsageError("Choose --replayed or --open, or neither for both.");
    const replayed = values.replayed ? { replayed: true } : values.open ? { replayed: false } : {};
    return { name: "ls", filter: { ...filter, ...replayed }, limit: limitOf(values.limit), ...shared };
  }
  const filtered = Object.keys(filter).length > 0;
  if (ids.length > 0 && (filtered || values.all === true)) {
    throw new UsageError("Name entries by their ids, or choose them with options, not both.");
  }
  if (ids.length === 0 && !filtered && values.all !== true) {
    throw new UsageError("Say which entries go back: ids, options such as --model, or --all.");
  }
  const entries = ids.length > 0 ? [...new Set(ids)] : filter;
  return { name: "replay", entries, dryRun: values["dry-run"] === true, ...shared };
}

const isVerb = (verb: string): verb is Verb => (verbs as readonly string[]).includes(verb);

function parse(args: readonly string[]) {
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === "option" && !Object.hasOwn(options, token.name)) {
      const hint = didYouMean(token.name, Object.keys(options), "--");
      throw new UsageError(`${token.rawName} is not an option${hint} ${help}`);
    }
  }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. ${help}`);
  }
}

function didYouMean(typed: string, known: readonly string[], prefix: string): string {
  const nearest = nearestName(typed, known);
  return nearest === undefined ? "." : `: did you mean ${prefix}${nearest}?`;
}

function readFilter(values: ReturnType<typeof parse>["values"], nowMs: number): EntryFilter {
  const { model, source, code, by } = values;
  if (source !== undefined && !(quarantineSources as readonly string[]).includes(source)) {
    throw new UsageError(`--source must be one of ${quarantineSources.join(", ")}, not "${source}".`);
  }
  const sinceMs = timeOf("since", values.since, nowMs);
  const untilMs = timeOf("until", values.until, nowMs);
  return {
    ...(model === undefined ? {} : { model }),
    ...(source === undefined ? {} : { source: source as QuarantineSource }),
    ...(code === undefined ? {} : { code }),
    ...(by === undefined ? {} : { by }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(untilMs === undefined ? {} : { untilMs }),
  };
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function timeOf(option: string, text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const ago = /^(\d{1,6})([smhd])$/.exec(text);
  if (ago !== null) return nowMs - Number(ago[1]) * unitMs[ago[2]!]!;
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new UsageError(
      `--${option} must be a time such as 2026-01-31T08:00:00Z, or how long ago: 30m, 2h, 7d; not "${text}".`,
    );
  }
  return ms;
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  if (!/^\d{1,7}$/.test(text) || Number(text) < 1 || Number(text) > MOST_ENTRIES) {
    throw new UsageError(`--limit must be a number of entries from 1 to ${MOST_ENTRIES}, not "${text}".`);
  }
  return Number(text);
}

function urlOf(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new UsageError(`--url must be the URL of a Moose server, such as ${DEFAULT_URL}, not "${text}".`);
  }
  return text.replace(/\/+$/, "");
}
