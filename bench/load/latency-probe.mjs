// Sends probes through the whole product while a steady load runs beside them, and times when each can be seen. A process of its own.
import { Agent, request } from "node:http";
import { performance } from "node:perf_hooks";
import WebSocket from "ws";
import { readBodies } from "./read-bodies.mjs";

/** Argument: JSON of { port, samples, intervalMs, backgroundRows, backgroundIntervalMs, bodiesFile }. Prints one JSON line at the end. */
const job = JSON.parse(process.argv[2]);
const SEEN_LIMIT_MS = 20_000;
const MOST_UNDER_WAY = 64;
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

const samples = [];
/** Probes by the moment that names them in the stream. */
const byMoment = new Map();

function post(path, contentType, body) {
  return new Promise((resolve, reject) => {
    const options = {
      port: job.port,
      host: "127.0.0.1",
      path,
      method: "POST",
      agent,
      headers: { "content-type": contentType },
    };
    const sent = request(options, (reply) => {
      const parts = [];
      reply.on("data", (part) => parts.push(part));
      reply.on("end", () => {
        const text = Buffer.concat(parts).toString();
        if (reply.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`POST ${path}: ${reply.statusCode} ${text.slice(0, 300)}`));
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The first offset that is not covered, for the one stream and partition that this load writes. */
function offsetIn(position) {
  const offsets = JSON.parse(Buffer.from(position.split(".")[1], "base64url").toString());
  return offsets["Flight.1.0"]?.[0] ?? 0;
}

function subscribe() {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${job.port}/live`, "moose.live.v1");
    const subscribed = new Set();
    socket.on("open", () => socket.send(JSON.stringify({ type: "hello" })));
    socket.on("error", reject);
    socket.on("message", (data) => {
      const now = performance.now();
      const message = JSON.parse(data.toString());
      if (message.type === "ready") {
        socket.send(JSON.stringify({ type: "subscribe", id: "events", stream: "Flight" }));
        socket.send(JSON.stringify({ type: "subscribe", id: "totals", query: "FlightTotals" }));
      } else if (message.type === "ping") socket.send(JSON.stringify({ type: "pong" }));
      else if (message.type === "error") reject(new Error(JSON.stringify(message.problem)));
      else if (message.type === "events") seenInStream(message.rows, now);
      else if (message.type === "snapshot" || message.type === "delta") {
        subscribed.add(message.id);
        seenInAggregation(offsetIn(message.position), now);
        resolve(socket);
      }
    });
  });
}

function seenInStream(rows, now) {
  for (const row of rows) {
    const sample = byMoment.get(momentOf(row));
    if (sample) sample.streamSubscriber ??= now - sample.sentAt;
  }
}

/** Rows come as objects, or as values in the model's order: seenAt is first. */
const momentOf = (row) =>
  Date.parse(`${Array.isArray(row) ? row[0] : row.seenAt}`.replace(" ", "T").replace(/Z?$/, "Z"));

function seenInAggregation(offset, now) {
  for (const sample of samples) {
    if (sample.aggregationSubscriber !== undefined) continue;
    if (sample.offset === undefined) sample.aggregationSeen.push([offset, now]);
    else if (sample.offset <= offset) sample.aggregationSubscriber = now - sample.sentAt;
  }
}

async function probe(n) {
  // A moment of its own names the probe, far from those of the load.
  const moment = Date.UTC(2030, 0, 1) + n;
  const event = {
    seenAt: new Date(moment),
    scheduledAt: "2001-01-01T00:00:00Z",
    origin: "SFO",
    destination: "JFK",
    delay: 1,
    distance: 2586,
  };
  const sample = { sentAt: performance.now(), aggregationSeen: [] };
  samples.push(sample);
  byMoment.set(moment, sample);
  const reply = await post("/ingest/Flight", "application/json", JSON.stringify(event));
  sample.acknowledged = performance.now() - sample.sentAt;
  sample.offset = offsetIn(reply.position);
  // A delta may have overtaken the acknowledgement.
  const early = sample.aggregationSeen.find(([offset]) => offset >= sample.offset);
  if (early) sample.aggregationSubscriber = early[1] - sample.sentAt;
  await post("/query/FlightTotals", "application/json", JSON.stringify({ after: reply.position }));
  sample.queryable = performance.now() - sample.sentAt;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const isComplete = (sample) => measures.every((measure) => sample[measure] !== undefined);
const measures = ["acknowledged", "streamSubscriber", "aggregationSubscriber", "queryable"];

const lines = readBodies(job.bodiesFile)
  .flatMap((bytes) => bytes.toString().trimEnd().split("\n"))
  .slice(0, job.backgroundRows);
if (lines.length < job.backgroundRows) throw new Error(`${job.bodiesFile} has no ${job.backgroundRows} rows`);
const body = `${lines.join("\n")}\n`;

const socket = await subscribe();
const failures = [];
const begunAt = performance.now();
let turn = 0;
let underWay = 0;
let accepted = 0;
// A timer that comes late makes up for it, so that the load is what it is said to be; what the server does not answer is not piled up.
const background = setInterval(() => {
  const due = Math.floor((performance.now() - begunAt) / job.backgroundIntervalMs);
  for (; turn < due; turn++) {
    if (underWay >= MOST_UNDER_WAY) continue;
    underWay++;
    post("/ingest/Flight", "application/x-ndjson", body)
      .then(() => accepted++)
      .catch((error) => failures.push(error))
      .finally(() => underWay--);
  }
}, job.backgroundIntervalMs);
await pause(1000);
const probes = [];
for (let n = 0; n < job.samples && failures.length === 0; n++) {
  probes.push(probe(n));
  await pause(job.intervalMs);
}
await Promise.all(probes);
const eventsPerSecond = (accepted * job.backgroundRows * 1000) / (performance.now() - begunAt);
const endsAt = performance.now() + SEEN_LIMIT_MS;
while (!samples.every(isComplete) && performance.now() < endsAt) await pause(20);
clearInterval(background);
socket.close();
agent.destroy();
if (failures.length > 0) throw failures[0];
const missing = samples.filter((sample) => !isComplete(sample));
if (missing.length > 0)
  throw new Error(
    `${missing.length} of ${samples.length} probes were not seen everywhere: ${JSON.stringify(missing[0])}`,
  );

const result = { event: "result", samples: samples.length, eventsPerSecond };
for (const measure of measures) {
  const sorted = samples.map((sample) => sample[measure]).sort((a, b) => a - b);
  const at = (p) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];
  result[measure] = { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: sorted.at(-1) };
}
console.log(JSON.stringify(result));
