// The report of a run, in Markdown. Every figure is the median of its rounds.
import { median, table, verdict, whole } from "./text.mjs";

const TARGETS = {
  ndjsonRatio: 8,
  ndjsonEventsPerSecond: 500_000,
  subscriberP99Ms: 50,
  queryableP99Ms: 500,
  idleMiB: 500,
};

const NAMES = {
  moose: "Moose, ingest role",
  product: "Moose, whole product",
  peer: "Fastify + Ajv",
  log: "the log alone",
  disk: "the disk alone",
};

export function report(result) {
  const { machine } = result;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, ` +
      `Fastify ${machine.fastify}, Ajv ${machine.ajv}, lmdb ${machine.lmdb}; ${result.date}; ` +
      `median of ${result.rounds} rounds of ${result.measureMs / 1000} s; load average at the start ${machine.loadAverage.toFixed(1)}.`,
    ...Object.values(result.throughput).flatMap(throughput),
    ...(result.latency ? latency(result.latency) : []),
    ...(result.idleMemory ? memory(result.idleMemory) : []),
    ...verdicts(result),
    "",
  ].join("\n");
}

/** The median of the ratios of each round, so that a slow moment of the machine hits both sides. */
const ratio = (measured, name, pick) =>
  median(measured[name].map((figures, round) => pick(figures) / pick(measured.peer[round])));

const rate = (figures) => figures.eventsPerSecond;
const cpu = (figures) => figures.serverCpuUsPerEvent;

function throughput({ title, measured }) {
  const rows = Object.entries(measured).map(([name, rounds]) => {
    const of = (pick, digits) => median(rounds.map(pick)).toFixed(digits);
    // A bound has no load generator; its CPU time is not that of a server.
    const isBound = name === "log" || name === "disk";
    return [
      NAMES[name],
      whole(median(rounds.map(rate))),
      of((figures) => figures.megabytesPerSecond, 1),
      `${ratio(measured, name, rate).toFixed(1)}×`,
      of(cpu, 2),
      isBound ? "" : `${(1 / ratio(measured, name, cpu)).toFixed(1)}×`,
      isBound ? "" : of((figures) => figures.loadCpuUsPerEvent, 2),
      of((figures) => figures.p50Ms, 1),
      of((figures) => figures.p99Ms, 1),
    ];
  });
  const columns = ["", "events/s", "MB/s", "against peer", "CPU µs/event", "less CPU than peer", "load CPU µs/event"];
  return table(title, [[...columns, "p50 ms", "p99 ms"], ...rows]);
}

function latency({ load, samples, ...measured }) {
  const title = `Latency through the whole product, ${load.eventsPerSecond} events/s beside it, ${samples} probes, from before the request`;
  const names = {
    acknowledged: "acknowledged (durable)",
    streamSubscriber: "stream subscriber",
    aggregationSubscriber: "aggregation subscriber",
    queryable: "queryable in ClickHouse",
  };
  return table(title, [
    ["to", "p50 ms", "p99 ms", "max ms"],
    ...Object.entries(names).map(([key, name]) => [
      name,
      ...["p50Ms", "p99Ms", "maxMs"].map((p) => measured[key][p].toFixed(1)),
    ]),
  ]);
}

const mib = (bytes) => (bytes / 2 ** 20).toFixed(0);

function memory({ processes, mooseBytes, totalBytes }) {
  const rowsOf = (owner) =>
    processes
      .filter(({ belongsTo }) => belongsTo === owner)
      .map(({ name, residentBytes, proportionalBytes }) => [name, mib(residentBytes), mib(proportionalBytes)]);
  return table("Idle memory of `npm start`, 500 events/s", [
    ["process", "resident MiB", "proportional MiB"],
    ...rowsOf("moose"),
    ["Moose together", mib(mooseBytes), ""],
    ...rowsOf("example"),
    ["everything", mib(totalBytes), ""],
  ]);
}

function verdicts({ throughput: { ndjson }, latency, idleMemory }) {
  const lines = [];
  const aim = (...of) => lines.push(verdict(...of));
  if (ndjson) {
    const { measured } = ndjson;
    aim("NDJSON against the peer", ratio(measured, "moose", rate), TARGETS.ndjsonRatio, "least", "×");
    aim("NDJSON events/s", median(measured.moose.map(rate)), TARGETS.ndjsonEventsPerSecond, "least", "");
  }
  if (latency) {
    aim("ingest to subscriber, p99", latency.streamSubscriber.p99Ms, TARGETS.subscriberP99Ms, "most", " ms");
    aim("ingest to queryable, p99", latency.queryable.p99Ms, TARGETS.queryableP99Ms, "most", " ms");
  }
  if (idleMemory) {
    aim("idle memory of Moose", idleMemory.mooseBytes / 2 ** 20, TARGETS.idleMiB, "most", " MiB");
    aim("idle memory of npm start", idleMemory.totalBytes / 2 ** 20, TARGETS.idleMiB, "most", " MiB");
  }
  return ["**Against the aims**", "", ...lines];
}
