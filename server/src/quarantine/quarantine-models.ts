// The system models of quarantine: the entries, and the marks of what was replayed. Their streams and tables have the models' names.
import { type ModelSpec, model, modelSpec, t } from "@moose/core";
import { streamName } from "../model/manifest.ts";

export interface QuarantineModels {
  /** `_quarantine`: a row for each event that was refused. */
  readonly entry: ModelSpec;
  /** `_quarantine_replay`: a row for each entry that went back. */
  readonly replay: ModelSpec;
}

const word = (description: string) => t.string().lowCardinality().describe(description);
const instant = (description: string) => t.dateTime64(3, "UTC").describe(description);

/** `retentionDays`: ClickHouse removes the rows after this. */
export function quarantineModels(retentionDays: number): QuarantineModels {
  const entry = model(
    "quarantine",
    {
      model: word("Model of the event"),
      quarantinedAt: instant("When the entry was made"),
      id: t.string().describe("Names the entry: equal for the same event at the same place"),
      source: word("Who refused it: ingest, function, table or log"),
      version: word("Version of the model"),
      stream: word("Stream of the event"),
      by: word("Name of the function that refused it"),
      code: word("The reason in one word"),
      reason: t.string().describe("The reason in words"),
      errors: t
        .array(t.object({ path: t.string(), code: t.string(), expected: t.string(), got: t.string() }))
        .describe("Each violation, where they are known"),
      stack: t.string().describe("Stack of the function's error"),
      partition: t.uint32().optional().describe("Partition of the stream where the event stands"),
      offset: t.uint64().optional().describe("Offset in the partition"),
      lastOffset: t.uint64().optional().describe("Of events that the log lost: the offset behind the last"),
      receivedAt: instant("When the server received the event"),
      encoding: word("utf8: event is its text; base64: base64Decode(event) is its bytes; lost: there is no event"),
      event: t.string().describe("The original bytes").codec("ZSTD(3)"),
    },
    {
      orderBy: ["model", "quarantinedAt", "id"],
      ttl: `toDateTime(quarantinedAt) + INTERVAL ${retentionDays} DAY`,
      description: "Events that ingest, a function or the table refused",
    },
  );
  const replay = model(
    "quarantine_replay",
    {
      id: t.string().describe("The entry"),
      replayedAt: instant("When it went back"),
      stream: word("Where it went"),
    },
    {
      orderBy: ["id"],
      ttl: `toDateTime(replayedAt) + INTERVAL ${retentionDays} DAY`,
      description: "Entries of _quarantine that were replayed",
    },
  );
  return { entry: ownName(modelSpec(entry)), replay: ownName(modelSpec(replay)) };
}

/** `model()` leaves names that begin with "_" to Moose. */
const ownName = (spec: ModelSpec): ModelSpec => ({ ...spec, name: `_${spec.name}` });

export const QUARANTINE_STREAM = streamName({ name: "_quarantine", version: "1.0" });
export const REPLAY_STREAM = streamName({ name: "_quarantine_replay", version: "1.0" });
