// The loads that are compared, and what takes part in each.
import { join } from "node:path";

const moose = { entry: "moose-ingest" };
const flights = { project: "../examples/flights" };
const peer = { entry: "fastify-ajv" };
const bounds = { log: { bound: "dist/log-alone.js" }, disk: { bound: "bounds/disk-alone.mjs" } };

const NDJSON = "application/x-ndjson";
const JSON_TYPE = "application/json";

/** In the order in which they run; `key` names the figures in the result. */
export const throughputCases = (folder, { rowsPerBody, bytesPerEvent, bytesPerWideEvent }) => [
  {
    key: "ndjson",
    title: `NDJSON, ${bytesPerEvent} bytes an event, ${rowsPerBody} events a body, 16 connections`,
    servers: { moose, product: flights, peer, ...bounds },
    path: "/ingest/Flight",
    connections: 16,
    contentType: NDJSON,
    bodiesFile: join(folder, "ndjson.bodies"),
  },
  {
    key: "wide",
    title: `NDJSON, ${bytesPerWideEvent} bytes an event, ${rowsPerBody} events a body, 16 connections`,
    servers: { moose, product: { project: "wide" }, peer, ...bounds },
    path: "/ingest/PageView",
    connections: 16,
    contentType: NDJSON,
    bodiesFile: join(folder, "wide.bodies"),
  },
  ...[64, 256].map((connections) => ({
    key: `single${connections}`,
    title: `One event a request, ${bytesPerEvent} bytes, ${connections} connections`,
    servers: { moose, product: flights, peer, log: bounds.log },
    path: "/ingest/Flight",
    connections,
    contentType: JSON_TYPE,
    bodiesFile: join(folder, "single.bodies"),
  })),
];
