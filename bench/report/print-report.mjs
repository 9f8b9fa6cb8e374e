// The table of a run, for people. Every figure is the median of its rounds.

const TARGETS = {
  ndjsonRatio: 8,
  ndjsonEventsPerSecond: 500_000,
  subscriberP99Ms: 50,
  queryableP99Ms: 500,
  idleMiB: 500,
};

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export function printReport(result) {
  const { machine, bodies } = result;
  console.log(
    `\n${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}`,
  );
  console.log(`Fastify ${machine.fastify}, Ajv ${machine.ajv}, lmdb ${machine.lmdb}; ${result.date}`);
  console.log(`${result.rounds} rounds of ${result.measureMs / 1000} s; ${bodies.bytesPerEvent} bytes an event\n`);
  if (result.ndjson)
    throughput(`NDJSON, ${bodies.rowsPerBody} events a body, 16 connections, 2xx = durable`, result.ndjson);
  if (result.single) throughput("One event a request, 64 connections, 2xx = durable", result.single);
  if (result.ndjson) {
    verdict("NDJSON against the peer", ratio(result.ndjson), TARGETS.ndjsonRatio, "x", true);
    verdict(
      "NDJSON events/s",
      median(result.ndjson.moose.map((r) => r.eventsPerSecond)),
      TARGETS.ndjsonEventsPerSecond,
      "",
      true,
    );
  }
  if (result.latency) latency(result.latency);
  if (result.idleMemory) memory(result.idleMemory);
}

const ratio = (measured) =>
  median(measured.moose.map((figures, round) => figures.eventsPerSecond / measured.peer[round].eventsPerSecond));

function throughput(title, measured) {
  console.log(title);
  const columns = [
    "server",
    "events/s",
    "MB/s",
    "server CPU µs/event",
    "load CPU µs/event",
    "p50 ms",
    "p99 ms",
    "against peer",
  ];
  const rows = Object.entries(measured).map(([name, rounds]) => {
    const of = (pick) => median(rounds.map(pick));
    const against = median(rounds.map((figures, i) => figures.eventsPerSecond / measured.peer[i].eventsPerSecond));
    return [
      { moose: "Moose, ingest role", product: "Moose, whole product", peer: "Fastify + Ajv" }[name] ?? name,
      Math.round(of((r) => r.eventsPerSecond)).toLocaleString("en"),
      of((r) => r.megabytesPerSecond).toFixed(1),
      of((r) => r.serverCpuUsPerEvent).toFixed(2),
      of((r) => r.loadCpuUsPerEvent).toFixed(2),
      of((r) => r.p50Ms).toFixed(1),
      of((r) => r.p99Ms).toFixed(1),
      `${against.toFixed(1)}x`,
    ];
  });
  table([columns, ...rows]);
}

function latency({ load, samples, ...measured }) {
  console.log(
    `Latency through the whole product, at ${load.eventsPerSecond} events/s beside it, ${samples} samples, from before the request`,
  );
  const names = {
    acknowledged: "acknowledged (durable)",
    streamSubscriber: "stream subscriber",
    aggregationSubscriber: "aggregation subscriber",
    queryable: "queryable in ClickHouse",
  };
  table([
    ["to", "p50 ms", "p99 ms", "max ms"],
    ...Object.entries(names).map(([key, name]) => [
      name,
      ...["p50Ms", "p99Ms", "maxMs"].map((p) => measured[key][p].toFixed(1)),
    ]),
  ]);
  verdict("ingest to subscriber, p99 ms", measured.streamSubscriber.p99Ms, TARGETS.subscriberP99Ms, " ms", false);
  verdict("ingest to queryable, p99 ms", measured.queryable.p99Ms, TARGETS.queryableP99Ms, " ms", false);
}

function memory({ processes, totalBytes }) {
  console.log("Idle memory of all processes");
  const mib = (bytes) => (bytes / 2 ** 20).toFixed(0);
  table([["process", "MiB"], ...processes.map(({ name, bytes }) => [name, mib(bytes)]), ["together", mib(totalBytes)]]);
  verdict("idle memory, MiB", totalBytes / 2 ** 20, TARGETS.idleMiB, " MiB", false);
}

function verdict(name, value, target, unit, atLeast) {
  const met = atLeast ? value >= target : value <= target;
  const shown = (n) => (Math.abs(n) >= 1000 ? Math.round(n).toLocaleString("en") : n.toFixed(1)) + unit;
  console.log(
    `${met ? "met   " : "MISSED"} ${name}: ${shown(value)} (aim: ${atLeast ? "at least" : "at most"} ${shown(target)})\n`,
  );
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(
      `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join("  ")}`,
    );
  }
  console.log("");
}
