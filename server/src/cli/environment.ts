// The environment variables that `moose serve` reads: they go before moose.config.ts, and the command line goes before them.
import { mergeConfig, type UserConfig } from "../model/config.ts";
import type { LogLevel } from "../telemetry/log.ts";
import { logLevels } from "../telemetry/log-levels.ts";
import { parseRoles } from "./parse-roles.ts";
import { UsageError } from "./usage-error.ts";

export type LogFormat = "json" | "text";

export interface Environment {
  readonly config: UserConfig;
  readonly logFormat?: LogFormat;
  readonly logLevel?: LogLevel;
}

type Read = (text: string, name: string) => UserConfig;

const number =
  (least: number, most: number, put: (value: number) => UserConfig): Read =>
  (text, name) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new UsageError(`${name} must be a whole number from ${least} to ${most}, not "${text}".`);
    }
    return put(value);
  };

const url: Read = (text, name) => {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new UsageError(`${name} must be the URL of a ClickHouse server, such as http://localhost:8123.`);
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new UsageError(
      `${name} must hold no credentials: they belong into MOOSE_CLICKHOUSE_USERNAME and MOOSE_CLICKHOUSE_PASSWORD.`,
    );
  }
  return { clickhouse: { url: text } };
};

const bool =
  (put: (value: boolean) => UserConfig): Read =>
  (text, name) => {
    if (text !== "true" && text !== "false") throw new UsageError(`${name} must be true or false, not "${text}".`);
    return put(text === "true");
  };

const saslMechanisms = ["plain", "scram-sha-256", "scram-sha-512"] as const;

const kafka = (part: NonNullable<NonNullable<UserConfig["stream"]>["kafka"]>): UserConfig => ({
  stream: { kafka: part },
});

const MOST = Number.MAX_SAFE_INTEGER;

/** Each variable and the part of the configuration that it sets; `docs/production.md` lists the same names. */
export const variables: Readonly<Record<string, Read>> = {
  MOOSE_ROLES: (text, name) => ({ roles: parseRoles(text, name) }),
  MOOSE_WORKERS: number(1, 64, (workers) => ({ workers })),
  MOOSE_HOST: (host) => ({ http: { host } }),
  MOOSE_PORT: number(0, 65_535, (port) => ({ http: { port } })),
  MOOSE_SHARE_PORT: bool((sharePort) => ({ http: { sharePort } })),
  MOOSE_OPERATORS: (text, name) => {
    if (text !== "loopback" && text !== "everyone") {
      throw new UsageError(`${name} must be loopback or everyone, not "${text}".`);
    }
    return { http: { operators: text } };
  },
  MOOSE_DOCS: bool((docs) => ({ http: { docs } })),
  MOOSE_STREAM_SHARED: bool((shared) => ({ stream: { shared } })),
  MOOSE_KAFKA_BROKERS: (text) => kafka({ brokers: text.split(",").map((broker) => broker.trim()) }),
  MOOSE_KAFKA_TOPIC_PREFIX: (topicPrefix) => kafka({ topicPrefix }),
  MOOSE_KAFKA_SSL: bool((ssl) => kafka({ ssl })),
  MOOSE_KAFKA_SASL_MECHANISM: (text, name) => {
    const mechanism = saslMechanisms.find((known) => known === text);
    if (mechanism === undefined) {
      throw new UsageError(`${name} must be one of ${saslMechanisms.join(", ")}, not "${text}".`);
    }
    return kafka({ sasl: { mechanism } });
  },
  MOOSE_KAFKA_USERNAME: (username) => kafka({ sasl: { username } }),
  MOOSE_KAFKA_PASSWORD: (password) => kafka({ sasl: { password } }),
  MOOSE_DATA_DIR: (dataDir) => ({ dataDir }),
  MOOSE_CLICKHOUSE_URL: url,
  MOOSE_CLICKHOUSE_USERNAME: (username) => ({ clickhouse: { username } }),
  MOOSE_CLICKHOUSE_PASSWORD: (password) => ({ clickhouse: { password } }),
  MOOSE_CLICKHOUSE_DATABASE: (database) => ({ clickhouse: { database } }),
  MOOSE_MAX_LAG_BYTES: number(1024 ** 2, MOST, (maxLagBytes) => ({ ingest: { maxLagBytes } })),
  MOOSE_MIN_FREE_DISK_BYTES: number(0, MOST, (minFreeDiskBytes) => ({ ingest: { minFreeDiskBytes } })),
  MOOSE_MAX_MEMORY_BYTES: number(64 * 1024 ** 2, MOST, (maxMemoryBytes) => ({ ingest: { maxMemoryBytes } })),
  MOOSE_MAX_LOOP_DELAY_MS: number(10, 600_000, (maxLoopDelayMs) => ({ ingest: { maxLoopDelayMs } })),
  MOOSE_SHUTDOWN_DEADLINE_MS: number(0, 600_000, (deadlineMs) => ({ shutdown: { deadlineMs } })),
  MOOSE_SHUTDOWN_NOT_READY_MS: number(0, 600_000, (notReadyMs) => ({ shutdown: { notReadyMs } })),
};

/** An empty variable is one that is not set. Throws UsageError; a value of a password is in no message. */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Environment {
  let config: UserConfig = {};
  for (const [name, read] of Object.entries(variables)) {
    const text = environment[name];
    if (text !== undefined && text !== "") config = mergeConfig(config, read(text, name));
  }
  const logFormat = oneOf(environment, "MOOSE_LOG", ["json", "text"] as const);
  const logLevel = oneOf(environment, "MOOSE_LOG_LEVEL", logLevels);
  return { config, ...(logFormat && { logFormat }), ...(logLevel && { logLevel }) };
}

function oneOf<T extends string>(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const text = environment[name];
  if (text === undefined || text === "") return undefined;
  const found = allowed.find((value) => value === text);
  if (found === undefined) throw new UsageError(`${name} must be one of ${allowed.join(", ")}, not "${text}".`);
  return found;
}
