// A project with a bit of everything that the contract can say, written into a folder of its own, and `moose serve` of it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningCli, runCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";

const models = `import { model, t } from "@moose/core";

export const Flight = model(
  "Flight",
  {
    seenAt: t.dateTime64(3).key().describe("When the flight was reported"),
    origin: t.string().lowCardinality().describe("Airport it took off from"),
    destination: t.string().pattern("^[A-Z]{3}$"),
    delay: t.int16(),
    state: t.enum(["landed", "flying", "lost"]),
    id: t.uuid(),
    cancelled: t.boolean().default(false),
    tags: t.array(t.string()).optional(),
    crew: t.map(t.string(), t.int32()).optional(),
    place: t.object({ latitude: t.float64().min(-90).max(90).optional(), label: t.string().optional() }).optional(),
  },
  { description: "A flight that was seen.", partitionKey: "origin" },
);

export const Everything = model("Everything", {
  id: t.uuid().key(),
  tiny: t.int8(),
  wide: t.int64(),
  wider: t.uint256().optional(),
  single: t.float32(),
  price: t.decimal(12, 4),
  day: t.date(),
  oldDay: t.date16().optional(),
  second: t.dateTime(),
  millis: t.dateTime64(3).epoch("ms"),
  code: t.fixedString(4),
  mail: t.string().format("email").optional(),
  site: t.string().format("uri").optional(),
  host: t.ipv4(),
  host6: t.ipv6().optional(),
  byNumber: t.map(t.uint8(), t.string()).optional(),
  legs: t.array(t.object({ miles: t.uint32(), "class": t.string().optional() })).optional(),
  more: t.json().optional(),
  spot: t.point(),
  area: t.polygon().optional(),
});

export const Loose = model("LooseWords", { key: t.string().key(), value: t.string().optional() }, { extra: "keep", version: "2.1" });
`;

const aggregations = `import { aggregation, avg, count, max, sum, time } from "@moose/core";
import { Flight } from "../models/project.ts";

export const FlightsByMinute = aggregation("FlightsByMinute", {
  from: Flight,
  description: "Flights of each minute.",
  dimensions: { minute: time("seenAt", "minute"), origin: "origin", state: "state" },
  measures: { flights: count(), averageDelay: avg("delay"), maxDelay: max("delay"), totalDelay: sum("delay") },
});
`;

export class ContractProject {
  readonly dir = mkdtempSync(join(tmpdir(), "moose-contract-"));
  #running: RunningCli | undefined;

  constructor() {
    this.write("models/project.ts", models);
    this.write("aggregations/flights.ts", aggregations);
    this.write("moose.config.ts", "export default { ingest: { quarantine: true } };\n");
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.dir, path, ".."), { recursive: true });
    writeFileSync(join(this.dir, path), text);
  }

  /** Resolves with its URL when it says that it is ready. */
  async serve(cli: NodeBundle): Promise<string> {
    this.#running = runCli(cli, ["serve", this.dir, "--port", "0", "--clickhouse-port", "0"]);
    const [line] = await this.#running.seen(/^.*"message":"Ready".*$/m);
    return (JSON.parse(line!) as { url: string }).url;
  }

  /** What the server has logged. */
  log(): string {
    return this.#running?.output() ?? "";
  }

  async close(): Promise<void> {
    this.#running?.child.kill("SIGTERM");
    await this.#running?.exitCode;
    rmSync(this.dir, { recursive: true, force: true });
  }
}
