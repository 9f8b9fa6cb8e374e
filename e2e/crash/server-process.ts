// The server as a process of its own, for the crash test: starts the app in a project folder and reports where it listens.
import { aggregation, aggregationSpec, count, model, modelSpec, sum, t } from "@moose/core";
import { startApp } from "../../server/src/app/app.ts";
import { withDefaults } from "../../server/src/model/config.ts";
import type { Log } from "../../server/src/telemetry/log.ts";
import { Reading } from "./reading.ts";

const ReadingByRound = aggregation("ReadingByRound", {
  from: Reading,
  dimensions: { round: "round" },
  measures: { events: count(), total: sum("value") },
});
const Note = model("Note", { id: t.string().key(), round: t.uint32(), value: t.uint32() });
const NoteByRound = aggregation("NoteByRound", {
  from: Note,
  dimensions: { round: "round" },
  measures: { events: count(), total: sum("value") },
});

const print =
  (level: string) =>
  (message: string, fields: object = {}) =>
    process.stderr.write(`${level} ${message} ${JSON.stringify(fields)}\n`);
const ignore = (): void => {};
const log: Log = { debug: ignore, info: ignore, warn: print("warn"), error: print("error"), child: () => log };

const app = await startApp({
  config: withDefaults({ http: { port: 0 }, clickhouse: { port: 0 }, dataDir: "data" }),
  manifest: {
    models: [modelSpec(Reading), modelSpec(Note)],
    aggregations: [aggregationSpec(ReadingByRound), aggregationSpec(NoteByRound)],
  },
  projectDir: process.argv[2]!,
  log,
});
process.on("SIGTERM", () => void app.stop().then(() => process.exit(0)));
process.send!(app.urls);
