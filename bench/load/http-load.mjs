// The load generator, a process of its own: raw keep-alive sockets, requests built once, one request on the way for each connection.
import { createConnection } from "node:net";
import { performance } from "node:perf_hooks";
import { readBodies } from "./read-bodies.mjs";

/**
 * Argument: JSON of { port, path, contentType, bodiesFile, connections, warmUpMs, measureMs }.
 * Prints one JSON line when it begins to measure, one when it ends, and the result.
 */
const job = JSON.parse(process.argv[2]);
const requests = readBodies(job.bodiesFile).map(toRequest);

const RESPONSE_LIMIT_MS = 20_000;
const SHED_PAUSE_MS = 100;
const latenciesMs = [];
const statuses = new Map();
let accepted = 0;
let sentBytes = 0;
let next = 0;
let phase = "warm-up";
let lastReplyAt = performance.now();

function toRequest(body) {
  const head = `POST ${job.path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${job.contentType}\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** One connection: sends, reads the whole reply, sends the next. */
function connect() {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port: job.port, host: "127.0.0.1", noDelay: true });
    let sentAt = 0;
    let pending = Buffer.alloc(0);
    const send = () => {
      const request = requests[next++ % requests.length];
      sentBytes += phase === "measuring" ? request.length : 0;
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on("connect", send);
    socket.on("data", (chunk) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const reply = parseReply(pending);
      if (!reply) return;
      pending = pending.subarray(reply.end);
      lastReplyAt = performance.now();
      if (phase === "measuring") {
        latenciesMs.push(lastReplyAt - sentAt);
        statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
        if (reply.status === 200) accepted += acceptedIn(reply.body);
      }
      if (phase === "done") socket.end();
      // A server that sheds load is given a moment, as Retry-After asks for; its whole second would leave the connection idle.
      else if (reply.status === 429 || reply.status === 503) setTimeout(send, SHED_PAUSE_MS);
      else send();
    });
    socket.on("close", () => (phase === "done" ? resolve() : reject(new Error("the server closed a connection"))));
    socket.on("error", reject);
  });
}

/** Undefined until the reply is whole. Both servers state content-length. */
function parseReply(buffer) {
  const headEnd = buffer.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const head = buffer.latin1Slice(0, headEnd);
  const status = Number(head.slice(9, 12));
  const length = /content-length: *(\d+)/i.exec(head);
  if (!length) throw new Error(`reply without content-length: ${head}`);
  const bodyStart = headEnd + 4;
  const end = bodyStart + Number(length[1]);
  return buffer.length < end ? undefined : { status, end, body: buffer.subarray(bodyStart, end) };
}

/** What the reply says was stored: a row that is not counted here was not measured. */
function acceptedIn(body) {
  const found = /"accepted": *(\d+)/.exec(body.latin1Slice(0, Math.min(200, body.length)));
  if (!found) throw new Error(`no "accepted" in the reply: ${body}`);
  return Number(found[1]);
}

const percentile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const watchdog = setInterval(() => {
  if (performance.now() - lastReplyAt < RESPONSE_LIMIT_MS) return;
  console.error(`no reply for ${RESPONSE_LIMIT_MS} ms`);
  process.exit(1);
}, 1000);

const connections = Promise.all(Array.from({ length: job.connections }, connect));
await Promise.race([pause(job.warmUpMs), connections]);
phase = "measuring";
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
console.log(JSON.stringify({ event: "measuring" }));
await Promise.race([pause(job.measureMs), connections]);
const elapsedMs = performance.now() - startedAt;
const cpu = process.cpuUsage(cpuBefore);
const measured = { accepted, replies: latenciesMs.length, sentBytes };
console.log(JSON.stringify({ event: "measured" }));
phase = "done";
await connections;
clearInterval(watchdog);
latenciesMs.sort((a, b) => a - b);
console.log(
  JSON.stringify({
    event: "result",
    ...measured,
    elapsedMs,
    statuses: Object.fromEntries(statuses),
    cpuMs: (cpu.user + cpu.system) / 1000,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
  }),
);
