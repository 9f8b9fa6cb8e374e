// What environment variables set, and what is said of values that cannot be.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readEnvironment, variables } from "./environment.ts";
import { UsageError } from "./usage-error.ts";

test("variables become configuration; an empty one is not set", () => {
  const environment = {
    MOOSE_ROLES: "ingest,query",
    MOOSE_PORT: "8080",
    MOOSE_OPERATORS: "everyone",
    MOOSE_HOST: "",
    MOOSE_CLICKHOUSE_URL: "https://clickhouse.example:8443",
    MOOSE_CLICKHOUSE_PASSWORD: "secret",
    MOOSE_KAFKA_BROKERS: "a:9092, b:9092",
    MOOSE_KAFKA_SASL_MECHANISM: "scram-sha-256",
    MOOSE_KAFKA_USERNAME: "moose",
    MOOSE_KAFKA_PASSWORD: "secret",
    MOOSE_MAX_LAG_BYTES: "1073741824",
    MOOSE_SHUTDOWN_DEADLINE_MS: "30000",
    MOOSE_LOG: "text",
    MOOSE_LOG_LEVEL: "debug",
    HOME: "/root",
  };
  expect(readEnvironment(environment)).toEqual({
    config: {
      roles: ["ingest", "query"],
      http: { port: 8080, operators: "everyone" },
      clickhouse: { url: "https://clickhouse.example:8443", password: "secret" },
      stream: {
        kafka: {
          brokers: ["a:9092", "b:9092"],
          sasl: { mechanism: "scram-sha-256", username: "moose", password: "secret" },
        },
      },
      ingest: { maxLagBytes: 1024 ** 3 },
      shutdown: { deadlineMs: 30_000 },
    },
    logFormat: "text",
    logLevel: "debug",
  });
});

test.each([
  ["MOOSE_ROLES", "writer,wirter", 'MOOSE_ROLES: "wirter" is not a role: did you mean writer?'],
  ["MOOSE_PORT", "http", 'MOOSE_PORT must be a whole number from 0 to 65535, not "http".'],
  ["MOOSE_WORKERS", "0", "MOOSE_WORKERS must be a whole number from 1 to 64"],
  ["MOOSE_SHARE_PORT", "yes", "MOOSE_SHARE_PORT must be true or false"],
  ["MOOSE_OPERATORS", "me", 'MOOSE_OPERATORS must be loopback or everyone, not "me"'],
  ["MOOSE_CLICKHOUSE_URL", "localhost:8123", "MOOSE_CLICKHOUSE_URL must be the URL of a ClickHouse server"],
  ["MOOSE_CLICKHOUSE_URL", "http://u:secret@h", "MOOSE_CLICKHOUSE_URL must hold no credentials"],
  [
    "MOOSE_KAFKA_SASL_MECHANISM",
    "md5",
    "MOOSE_KAFKA_SASL_MECHANISM must be one of plain, scram-sha-256, scram-sha-512",
  ],
  ["MOOSE_LOG", "xml", "MOOSE_LOG must be one of json, text"],
  ["MOOSE_LOG_LEVEL", "trace", "MOOSE_LOG_LEVEL must be one of debug, info, warn, error"],
])("%s=%s is refused", (name, text, message) => {
  expect(() => readEnvironment({ [name]: text })).toThrowError(UsageError);
  expect(() => readEnvironment({ [name]: text })).toThrowError(message);
  expect(() => readEnvironment({ [name]: text })).not.toThrowError(/secret/);
});

test("the documentation lists every variable", () => {
  const page = readFileSync(new URL("../../../docs/production.md", import.meta.url), "utf8");
  const listed = new Set(page.match(/MOOSE_[A-Z_]+/g));
  expect([...Object.keys(variables), "MOOSE_LOG", "MOOSE_LOG_LEVEL"].filter((name) => !listed.has(name))).toEqual([]);
});
