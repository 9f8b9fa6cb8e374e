// The report of the delivery bench, in Markdown. Every figure is the median of its rounds.
import { median, table, verdict, whole } from "../report/text.mjs";

const TARGETS = {
  appendRatio: 5,
  writerAgainstNative: 1.5,
  jsonAgainstWriter: 3,
  sustainedEventsPerSecond: 500_000,
  queryableP50Ms: 100,
  queryableP99Ms: 300,
};

export function deliveryReport(result) {
  const { machine } = result;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, lmdb ${machine.lmdb}; ` +
      `${result.date}; median of ${result.rounds} rounds; load average at the start ${machine.loadAverage.toFixed(1)}.`,
    ...(result.append ? appends(result.append) : []),
    ...(result.writer ? tableWriter(result.writer) : []),
    ...(result.sustained ? sustained(result.sustained) : []),
    ...(result.latency ? latency(result.latency, "one aggregation") : []),
    ...(result.latencyOfExample ? latency(result.latencyOfExample, "the example's six aggregations") : []),
    "",
  ].join("\n");
}

/** The median of the ratios of each round, so that a slow moment of the machine hits both sides. */
const ratio = (measured, one, other, pick) =>
  median(measured[one].map((figures, round) => pick(figures) / pick(measured[other][round])));

const rate = (figures) => figures.eventsPerSecond;
const cpu = (figures) => figures.cpuUsPerEvent;

function appends({ writers, measured }) {
  const names = {
    log: "Moose's embedded log (LMDB)",
    sqlite: "better-sqlite3, WAL, synchronous=FULL",
    sqliteGrouped: "the same, a transaction for each turn of the event loop",
  };
  const rows = Object.entries(measured).map(([name, rounds]) => [
    names[name],
    whole(median(rounds.map(rate))),
    `${ratio(measured, "log", name, rate).toFixed(1)}×`,
    median(rounds.map(cpu)).toFixed(1),
    median(rounds.map(({ p50Ms }) => p50Ms)).toFixed(2),
    median(rounds.map(({ p99Ms }) => p99Ms)).toFixed(2),
  ]);
  const title = `Durable appends of one event, ${writers} writers at once`;
  return [
    ...table(title, [["", "events/s", "Moose against it", "CPU µs/event", "p50 ms", "p99 ms"], ...rows]),
    verdict(
      "durable appends against better-sqlite3",
      ratio(measured, "log", "sqlite", rate),
      TARGETS.appendRatio,
      "least",
      "×",
    ),
  ];
}

function tableWriter({ events, measured }) {
  const names = {
    writer: "the table writer, from the log",
    native: "Native blocks built beforehand, the client's `exec`",
    json: "JSONEachRow, text as it is, the client's `exec`",
    objects: "JSONEachRow, objects, the client's `insert`",
  };
  const client = (figures) => figures.clientCpuUsPerEvent;
  const merged = (figures) => figures.mergedCpuUsPerEvent;
  const rows = Object.entries(measured).map(([name, rounds]) => [
    names[name],
    median(rounds.map(cpu)).toFixed(2),
    median(rounds.map(client)).toFixed(2),
    `${ratio(measured, name, "native", cpu).toFixed(2)}×`,
    median(rounds.map(merged)).toFixed(2),
    `${ratio(measured, name, "native", merged).toFixed(2)}×`,
    whole(median(rounds.map(rate))),
  ]);
  const title = `${whole(events)} flights of 140 bytes into their table, CPU µs/event`;
  const header = [
    "",
    "client and engine",
    "of it client",
    "against Native",
    "with merges",
    "against Native",
    "events/s",
  ];
  const verdicts = [
    ["the table writer against Native blocks", "writer", "native", cpu, TARGETS.writerAgainstNative, "most"],
    ["the same with the merges that follow", "writer", "native", merged, TARGETS.writerAgainstNative, "most"],
    ["JSONEachRow as text against the table writer", "json", "writer", cpu, TARGETS.jsonAgainstWriter, "least"],
    ["JSONEachRow by `insert` against the table writer", "objects", "writer", cpu, TARGETS.jsonAgainstWriter, "least"],
  ];
  return [
    ...table(title, [header, ...rows]),
    ...verdicts.map(([what, one, other, pick, aim, side]) =>
      verdict(what, ratio(measured, one, other, pick), aim, side, "×"),
    ),
  ];
}

function sustained({
  seconds,
  accepted,
  eventsPerSecond,
  serverCpuUsPerEvent,
  loadCpuUsPerEvent,
  statuses,
  p50Ms,
  p99Ms,
  samples,
}) {
  const [header, ...rows] = [
    ["s", "queryable", "memory MiB (each process, without mapped files)", "log MiB"],
    ...samples
      .filter((_, index) => index % 6 === 5 || index === samples.length - 1)
      .map((sample) => [sample.seconds, whole(sample.queryable), sample.memoryMiB.join(" + "), sample.logMiB]),
  ];
  return [
    ...table(`HTTP NDJSON to queryable row, events of 100 bytes, ${Math.round(seconds)} s`, [header, ...rows]),
    `${whole(accepted)} events accepted and queryable, ${whole(eventsPerSecond)} events/s; ${serverCpuUsPerEvent.toFixed(2)} CPU µs/event (load generator ` +
      `${loadCpuUsPerEvent.toFixed(2)}); replies ${JSON.stringify(statuses)}, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms.`,
    "",
    verdict("sustained events/s", eventsPerSecond, TARGETS.sustainedEventsPerSecond, "least", ""),
  ];
}

function latency({ load, eventsPerSecond, samples, queryable, acknowledged }, project) {
  const title =
    `Latency through the whole product, ${project}, ${whole(eventsPerSecond)} events/s beside it ` +
    `(wanted ${whole(load.eventsPerSecond)}: 20 MB/s), ${samples} probes`;
  const row = (name, { p50Ms, p99Ms, maxMs }) => [name, p50Ms.toFixed(1), p99Ms.toFixed(1), maxMs.toFixed(1)];
  return [
    ...table(title, [
      ["to", "p50 ms", "p99 ms", "max ms"],
      row("acknowledged (durable)", acknowledged),
      row("queryable in ClickHouse", queryable),
    ]),
    verdict(`ingest to queryable with ${project}, p50`, queryable.p50Ms, TARGETS.queryableP50Ms, "most", " ms"),
    verdict(`ingest to queryable with ${project}, p99`, queryable.p99Ms, TARGETS.queryableP99Ms, "most", " ms"),
  ];
}
