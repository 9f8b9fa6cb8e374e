// Checks the value that moose.config.ts exports: every key is known and has the type that it needs.
import { nearestName } from "../lib/nearest-name.ts";
import type { MooseConfig, UserConfig } from "../model/config.ts";
import { type FunctionLimits, functionLimitRanges } from "../model/function-spec.ts";
import type { KafkaConfig } from "../model/kafka-config.ts";
import { allRoles, isRole } from "../model/roles.ts";
import { configFileName } from "./find-files.ts";
import { placeOf, projectError } from "./project-error.ts";

interface Rule {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/** A rule for every key: a key that is added to the configuration does not compile until it has one. */
type Rules<T> = {
  readonly [K in keyof Required<T>]: NonNullable<T[K]> extends readonly unknown[]
    ? Rule
    : NonNullable<T[K]> extends object
      ? Rules<NonNullable<T[K]>>
      : Rule;
};

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isUrl = (value: unknown): boolean => isText(value) && URL.canParse(value) && /^https?:/.test(value);
const isWhole = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

const text = (what: string): Rule => ({ expected: what, accepts: isText });
const port: Rule = { expected: "a port number from 0 to 65535", accepts: (value) => isWhole(value, 0, 65_535) };

const bytes = (least: number): Rule => ({
  expected: `a number of bytes from ${least} up`,
  accepts: (value) => isWhole(value, least, Number.MAX_SAFE_INTEGER),
});
const milliseconds = (least: number, most: number): Rule => ({
  expected: `a number of milliseconds from ${least} to ${most}`,
  accepts: (value) => isWhole(value, least, most),
});

const isBroker = (value: unknown): boolean => isText(value) && /^[^\s/:]+:\d{1,5}$/.test(value);
const isPem = (value: unknown): boolean => isText(value) && value.includes("-----BEGIN ");
const tlsKeys = new Set(["ca", "cert", "key", "passphrase"]);

const kafkaRules: Rules<KafkaConfig> = {
  brokers: {
    expected: 'a list of brokers, such as ["kafka-1:9092"]',
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every(isBroker),
  },
  clientId: text("a name"),
  topicPrefix: {
    expected: "letters, digits, dots, dashes and underscores, at most 100",
    accepts: (value) => typeof value === "string" && /^[\w.-]{0,100}$/.test(value),
  },
  ssl: {
    expected: "true, false or an object with ca, cert, key (PEM) and passphrase",
    accepts: (value) =>
      typeof value === "boolean" ||
      (isObject(value) &&
        Object.entries(value).every(([key, member]) => tlsKeys.has(key) && (key === "passphrase" || isPem(member)))),
  },
  sasl: {
    mechanism: {
      expected: "plain, scram-sha-256 or scram-sha-512",
      accepts: (value) => value === "plain" || value === "scram-sha-256" || value === "scram-sha-512",
    },
    username: text("a user name"),
    password: { expected: "a string", accepts: (value) => typeof value === "string" },
  },
  replicationFactor: { expected: "a number of replicas from 1 to 32", accepts: (value) => isWhole(value, 1, 32) },
  retentionHours: { expected: "a number of hours from 1 up", accepts: (value) => isWhole(value, 1, 1_000_000) },
};

const functionRules = Object.fromEntries(
  Object.entries(functionLimitRanges).map(([limit, [least, most]]): [string, Rule] => [
    limit,
    { expected: `a whole number from ${least} to ${most}`, accepts: (value) => isWhole(value, least, most) },
  ]),
) as unknown as Rules<FunctionLimits>;

const rules: Rules<MooseConfig> = {
  http: {
    host: text('a host name or address, such as "127.0.0.1"'),
    port,
    corsOrigins: {
      expected: 'a list of origins, such as ["https://example.com"]',
      accepts: (value) => Array.isArray(value) && value.every((origin) => origin === "*" || isUrl(origin)),
    },
    maxBodyBytes: {
      expected: "a number of bytes from 1024 to 1073741824",
      accepts: (value) => isWhole(value, 1024, 1024 ** 3),
    },
    sharePort: { expected: "true or false", accepts: (value) => typeof value === "boolean" },
    operators: {
      expected: '"loopback" or "everyone"',
      accepts: (value) => value === "loopback" || value === "everyone",
    },
    docs: { expected: "true or false", accepts: (value) => typeof value === "boolean" },
  },
  clickhouse: {
    url: { expected: 'the URL of a ClickHouse server, such as "http://localhost:8123"', accepts: isUrl },
    username: text("a user name"),
    password: { expected: "a string", accepts: (value) => typeof value === "string" },
    database: {
      expected: "a database name of letters, digits and underscores",
      accepts: (value) => isText(value) && /^[A-Za-z_]\w*$/.test(value),
    },
    port,
  },
  stream: {
    partitions: { expected: "a number of partitions from 1 to 1024", accepts: (value) => isWhole(value, 1, 1024) },
    retention: {
      hours: { expected: "a number of hours from 1 to 876000", accepts: (value) => isWhole(value, 1, 876_000) },
      bytes: bytes(1024 ** 2),
    },
    forgetGroupsAfterHours: {
      expected: "a number of hours from 1 to 876000",
      accepts: (value) => isWhole(value, 1, 876_000),
    },
    kafka: kafkaRules,
    shared: { expected: "true or false", accepts: (value) => typeof value === "boolean" },
  },
  ingest: {
    maxLagBytes: bytes(1024 ** 2),
    minFreeDiskBytes: bytes(0),
    maxMemoryBytes: bytes(64 * 1024 ** 2),
    maxLoopDelayMs: milliseconds(10, 600_000),
    quarantine: {
      expected: 'true, false or a list of models, such as ["Flight"]',
      accepts: (value) => typeof value === "boolean" || (Array.isArray(value) && value.every(isText)),
    },
  },
  functions: functionRules,
  quarantine: {
    retentionDays: { expected: "a number of days from 1 to 3650", accepts: (value) => isWhole(value, 1, 3_650) },
    maxBytesPerHour: bytes(0),
  },
  roles: {
    expected: `a list of different roles out of ${allRoles.join(", ")}`,
    accepts: (value) =>
      Array.isArray(value) && value.length > 0 && value.every(isRole) && new Set(value).size === value.length,
  },
  workers: { expected: "a number of processes from 1 to 64", accepts: (value) => isWhole(value, 1, 64) },
  shutdown: { deadlineMs: milliseconds(0, 600_000), notReadyMs: milliseconds(0, 600_000) },
  dataDir: text("the path of a folder"),
  public: text("the path of a folder"),
};

/** Throws `config_invalid` at the first key that is unknown or has the wrong type. `undefined` (no file) is the empty configuration. */
export function checkConfig(projectDir: string, config: unknown, fileExists: boolean): UserConfig {
  if (!fileExists) return {};
  if (!isObject(config)) {
    throw fail(
      projectDir,
      `${configFileName} must export a configuration: export default defineConfig({ … })`,
      undefined,
    );
  }
  checkObject(projectDir, config, rules as unknown as RuleTree, "");
  const { stream } = config as UserConfig;
  if (stream?.kafka !== undefined && stream.kafka.brokers === undefined)
    throw fail(projectDir, `${configFileName}: "stream.kafka" needs brokers, such as ["kafka-1:9092"]`, "kafka");
  return config as UserConfig;
}

interface RuleTree {
  readonly [key: string]: Rule | RuleTree;
}

function checkObject(projectDir: string, value: Record<string, unknown>, tree: RuleTree, path: string): void {
  for (const [key, member] of Object.entries(value)) {
    const name = path + key;
    const rule = Object.hasOwn(tree, key) ? tree[key]! : undefined;
    if (rule === undefined) {
      const nearest = nearestName(key, Object.keys(tree));
      const hint = nearest === undefined ? `known here: ${Object.keys(tree).join(", ")}` : `did you mean "${nearest}"?`;
      throw fail(projectDir, `${configFileName}: "${name}" is not an option: ${hint}`, key);
    }
    if (member === undefined) continue;
    if (isRule(rule)) {
      if (!rule.accepts(member)) throw wrongType(projectDir, name, rule.expected, member, key);
    } else if (isObject(member)) {
      checkObject(projectDir, member, rule, `${name}.`);
    } else {
      throw wrongType(projectDir, name, `an object with ${Object.keys(rule).join(", ")}`, member, key);
    }
  }
}

const isRule = (rule: Rule | RuleTree): rule is Rule => typeof rule.accepts === "function";
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function wrongType(projectDir: string, name: string, expected: string, value: unknown, key: string) {
  // A password or a key must not be echoed.
  const got =
    key === "password" || key === "ssl" ? typeof value : (JSON.stringify(value) ?? String(value)).slice(0, 100);
  return fail(projectDir, `${configFileName}: "${name}" must be ${expected}, not ${got}`, key);
}

const fail = (projectDir: string, message: string, key: string | undefined) =>
  projectError(
    projectDir,
    message,
    key === undefined ? { file: configFileName } : placeOf(projectDir, configFileName, key),
    { code: "config_invalid" },
  );
