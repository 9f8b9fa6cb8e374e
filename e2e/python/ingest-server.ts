// The server of the Python SDK's tests as a process of its own: the whole app on a port that stays, in a project folder.
import { aggregation, aggregationSpec, count, model, modelSpec, sum, t } from "@moose/core";
import { FlightTotals } from "../../examples/flights/aggregations/flight-totals.ts";
import { Flight } from "../../examples/flights/models/flight.ts";
import { startApp } from "../../server/src/app/app.ts";
import { withDefaults } from "../../server/src/model/config.ts";
import type { Log } from "../../server/src/telemetry/log.ts";

const Reading = model("Reading", { id: t.string().key(), round: t.uint32(), value: t.uint32() });
const ReadingByRound = aggregation("ReadingByRound", {
  from: Reading,
  dimensions: { round: "round" },
  measures: { events: count(), total: sum("value") },
});
/** Of the suite: Reading is for those who are killed, and account for each of its rows. */
const Probe = model("Probe", { id: t.string().key(), round: t.uint32(), value: t.uint32() });
/** A field of each kind that Python says in its own way. */
const Everything = model("Everything", {
  id: t.uuid().key(),
  at: t.dateTime64(6),
  day: t.date().optional(),
  big: t.uint64().optional(),
  price: t.decimal(20, 4).optional(),
  ratio: t.float64().optional(),
  yes: t.boolean().optional(),
  address: t.ipv4().optional(),
  color: t.enum(["red", "green"]).optional(),
  tags: t.array(t.string()).optional(),
  counts: t.map(t.string(), t.int32()).optional(),
  place: t.object({ lat: t.float64(), name: t.string().optional() }),
  from: t.string().optional(),
});
const LogLine = model("LogLine", {
  time: t.dateTime64(3).key(),
  level: t.string().lowCardinality(),
  logger: t.string(),
  message: t.string(),
});

const print =
  (level: string) =>
  (message: string, fields: object = {}) =>
    process.stderr.write(`${level} ${message} ${JSON.stringify(fields)}\n`);
const ignore = (): void => {};
const log: Log = { debug: ignore, info: ignore, warn: print("warn"), error: print("error"), child: () => log };

const [projectDir, port] = process.argv.slice(2);
const app = await startApp({
  config: withDefaults({ http: { port: Number(port) }, clickhouse: { port: 0 }, dataDir: "data" }),
  manifest: {
    models: [Reading, Probe, Everything, LogLine, Flight].map((each) => modelSpec(each)),
    aggregations: [aggregationSpec(ReadingByRound), aggregationSpec(FlightTotals)],
  },
  projectDir: projectDir!,
  log,
});
process.on("SIGTERM", () => void app.stop().then(() => process.exit(0)));
process.send!(app.urls);
