// Entries of quarantine as text for people. Pure.
import type { EntrySummary, QuarantineEntry, ReplayOutcome } from "../ports/quarantine-desk.ts";
import type { ReplayReport } from "./replay-entries.ts";

const REASON_WIDTH = 100;

/** One line: id, time, model, who refused it, why. */
export function entryLine(entry: EntrySummary): string {
  const { id, quarantinedAt, model, code } = entry;
  const back = entry.replayedAt === null ? "" : "  (went back)";
  return (
    [id, quarantinedAt.slice(0, 19).replace("T", " "), model, whoOf(entry), code, cut(entry.reason)].join("  ") + back
  );
}

export function describeEntry(entry: QuarantineEntry): string {
  const { model, version, stream, partition, offset, lastOffset } = entry;
  const place =
    offset === null
      ? "before it reached its stream"
      : `${stream}, partition ${partition}, offset ${offset}${lastOffset === null ? "" : ` up to ${lastOffset}`}`;
  const rows: [string, string][] = [
    ["id", entry.id],
    ["model", `${model} ${version}`],
    ["refused by", whoOf(entry)],
    ["where", place],
    ["received", entry.receivedAt],
    ["quarantined", entry.quarantinedAt],
    ["replayed", entry.replayedAt ?? "no"],
    ["reason", `${entry.code}: ${entry.reason}`],
  ];
  const lines = rows.map(([name, value]) => `${name.padEnd(12)} ${value}`);
  for (const { path, code, expected, got } of entry.errors) {
    lines.push(`${"error".padEnd(12)} ${path === "" ? "(the event)" : path} ${code}: expected ${expected}, got ${got}`);
  }
  if (entry.stack !== "") lines.push("", entry.stack);
  lines.push("", eventText(entry));
  return `${lines.join("\n")}\n`;
}

export function summaryOf({ outcomes, stayed, stayedCount }: ReplayReport, dryRun: boolean): string {
  const said = (Object.keys(words) as ReplayOutcome[])
    .filter((outcome) => outcomes[outcome] !== undefined)
    .map((outcome) => `${outcomes[outcome]} ${words[outcome]}`);
  const lines = stayed.map(({ id, outcome, reason, errors }) => {
    const first = errors?.[0];
    const why =
      first === undefined ? (reason ?? words[outcome]) : `${first.path} expected ${first.expected}, got ${first.got}`;
    return `  ${id}  ${outcome}  ${cut(why)}`;
  });
  if (stayedCount > stayed.length) lines.push(`  … and ${stayedCount - stayed.length} more`);
  const nothing = dryRun ? "Nothing would go back." : "Nothing to put back.";
  return `${[said.length === 0 ? nothing : `${said.join(", ")}.`, ...lines].join("\n")}\n`;
}

const words: Record<ReplayOutcome, string> = {
  replayed: "replayed",
  valid: "would be replayed",
  already_replayed: "had been replayed before",
  refused: "still refused",
  lost: "lost by the log",
  unknown_function: "of a function that the project does not have",
  not_found: "not found",
};

const whoOf = ({ source, by }: EntrySummary): string => (by === "" ? source : `${source} ${by}`);

function eventText({ encoding, event, bytes }: QuarantineEntry): string {
  if (encoding === "lost") return "The log lost the bytes of these events.";
  if (encoding === "base64")
    return `${bytes} bytes that are not UTF-8, in base64 (--raw writes them as they are):\n${event}`;
  return event.replace(/(?![\n\t])\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** One line: what a reason holds must not move the cursor of a terminal either. */
function cut(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, " ");
  return line.length <= REASON_WIDTH ? line : `${line.slice(0, REASON_WIDTH - 1)}…`;
}
