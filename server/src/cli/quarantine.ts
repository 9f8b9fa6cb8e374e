// `moose quarantine`: shows what a running server keeps in quarantine, and puts it back.
import type { EntryPage, EntrySummary } from "../ports/quarantine-desk.ts";
import { describeEntry, entryLine, summaryOf } from "./describe-entries.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { parseQuarantine, type QuarantineCommand } from "./parse-quarantine.ts";
import { QuarantineClient } from "./quarantine-client.ts";
import { quarantineHelp } from "./quarantine-help.ts";
import { replayEntries } from "./replay-entries.ts";

const PAGE = 500;

type CommandOf<Name> = Extract<QuarantineCommand, { name: Name }>;

/** `args` follow the word quarantine. Throws UsageError, and MooseError when the server does not answer or refuses. */
export async function quarantine(args: readonly string[]): Promise<ExitCode> {
  const command = parseQuarantine(args, process.env, Date.now());
  switch (command.name) {
    case "help":
      process.stdout.write(quarantineHelp);
      return exitCodes.ok;
    case "ls":
      return list(command);
    case "show":
      return show(command);
    case "replay":
      return replay(command);
  }
}

async function list({ url, filter, limit, json }: CommandOf<"ls">): Promise<ExitCode> {
  const client = new QuarantineClient(url);
  const entries: EntrySummary[] = [];
  let page: EntryPage | undefined;
  let total = 0;
  do {
    const after = page?.next === undefined ? {} : { after: page.next };
    page = await client.list(filter, { limit: Math.min(PAGE, limit - entries.length), order: "newest", ...after });
    total = page.total ?? total;
    entries.push(...page.entries);
  } while (page.next !== undefined && entries.length < limit);
  if (json) {
    process.stdout.write(`${JSON.stringify({ entries, total, behind: page.behind }, null, 2)}\n`);
    return exitCodes.ok;
  }
  for (const entry of entries) process.stdout.write(`${entryLine(entry)}\n`);
  const shown = entries.length < total ? `, the newest ${entries.length} are shown (--limit shows more)` : "";
  process.stderr.write(`${total === 1 ? "1 entry" : `${total} entries`}${shown}.\n`);
  if (page.behind) process.stderr.write("The table does not have the newest entries yet: ask again in a moment.\n");
  return exitCodes.ok;
}

async function show({ url, id, raw, json }: CommandOf<"show">): Promise<ExitCode> {
  const entry = await new QuarantineClient(url).find(id);
  if (raw) process.stdout.write(Buffer.from(entry.event, entry.encoding === "base64" ? "base64" : "utf8"));
  else process.stdout.write(json ? `${JSON.stringify(entry, null, 2)}\n` : describeEntry(entry));
  return exitCodes.ok;
}

async function replay({ url, entries, dryRun, json }: CommandOf<"replay">): Promise<ExitCode> {
  const report = await replayEntries(new QuarantineClient(url), entries, { dryRun, onProgress: tellProgress });
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else process.stdout.write(summaryOf(report, dryRun));
  return report.stayed.length === 0 && report.stayedCount === 0 ? exitCodes.ok : exitCodes.notReplayed;
}

/** On the terminal's own line; in a log, a line now and then. */
function tellProgress(done: number, total: number): void {
  if (total <= PAGE) return;
  const text = `${done} of ${total} entries`;
  process.stderr.write(process.stderr.isTTY ? `\r${text}${done >= total ? "\n" : ""}` : `${text}\n`);
}
