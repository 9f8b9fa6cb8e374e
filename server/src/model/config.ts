// The configuration of a server: what `moose.config.ts` may say, and the defaults.

import { defaultFunctionLimits, type FunctionLimits } from "./function-spec.ts";
import { type KafkaConfig, kafkaDefaults } from "./kafka-config.ts";
import { allRoles, type Role } from "./roles.ts";

export interface MooseConfig {
  readonly http: {
    readonly host: string;
    /** 0 chooses a free port. */
    readonly port: number;
    /** Origins that may call from a browser; "*" allows every one. */
    readonly corsOrigins: readonly string[];
    /** Largest request body, and largest body after decompression. Bytes. */
    readonly maxBodyBytes: number;
    /** Lets other processes listen on the same port (SO_REUSEPORT, Linux): the kernel spreads connections over them. */
    readonly sharePort: boolean;
    /** Who may call `/audit` and the routes of quarantine: programs on this machine, or whoever reaches the port. */
    readonly operators: "loopback" | "everyone";
    /** Whether `/openapi.json`, `/asyncapi.json` and the page `/docs` are served, in production as in development. */
    readonly docs: boolean;
  };
  readonly clickhouse: {
    /** A ClickHouse to use instead of the embedded one. */
    readonly url?: string;
    readonly username?: string;
    readonly password?: string;
    readonly database: string;
    /** Port of the embedded engine; 0 chooses a free one. */
    readonly port: number;
  };
  readonly stream: {
    /** Of each model's stream. More than before: streams grow, and the order of a key's events holds only from then on. Never fewer. */
    readonly partitions: number;
    /**
     * Lets several processes of this machine use the embedded log. Absent: `moose serve` does when it has not all roles, or several workers.
     */
    readonly shared?: boolean;
    /** What of the embedded log may go once it is in its table, and every group has read it; absent parts limit nothing. */
    readonly retention: {
      readonly hours?: number;
      /** Of each stream. */
      readonly bytes?: number;
    };
    /**
     * A consumer group of the embedded log that has no member, and that no function of the project has, is forgotten after so long: until
     * then what it has not read is kept.
     */
    readonly forgetGroupsAfterHours: number;
    /** Kafka or Redpanda in place of the embedded log. */
    readonly kafka?: KafkaConfig;
  };
  /** When ingest answers 503 rather than take what it could not keep. */
  readonly ingest: {
    /** Of one model: bytes in the stream that are not in its table yet. */
    readonly maxLagBytes: number;
    /** Less room than this on the disk of the embedded log, and it takes nothing more. */
    readonly minFreeDiskBytes: number;
    /** Memory of this process; absent: 85 % of its cgroup's limit, if it has one. */
    readonly maxMemoryBytes?: number;
    /** Mean delay of the event loop over a second. */
    readonly maxLoopDelayMs: number;
    /** Whether refused rows are kept in quarantine when neither the request nor the model says: of all models, of none, or of those named. */
    readonly quarantine: boolean | readonly string[];
  };
  /** Of stream functions that say nothing else themselves. */
  readonly functions: FunctionLimits;
  readonly quarantine: {
    /** Entries older than this are removed. */
    readonly retentionDays: number;
    /** Of refused rows in an hour, and at once; what is over it is not kept. Events that were acknowledged are always kept. */
    readonly maxBytesPerHour: number;
  };
  /** What a process of `moose serve` does; `moose dev` does it all. */
  readonly roles: readonly Role[];
  /** Processes of `moose serve` that share the port. */
  readonly workers: number;
  readonly shutdown: {
    /** From the signal to the end of the process, whatever is still under way. */
    readonly deadlineMs: number;
    /** How long it answers on after `/health/ready` began to say no, so that a load balancer can notice. Part of the deadline. */
    readonly notReadyMs: number;
  };
  /** Where the log and the embedded engine keep their data; relative to the project. */
  readonly dataDir: string;
  /** A folder of static files to serve at `/`; relative to the project. */
  readonly public?: string;
}

type DeepPartial<T> = {
  readonly [K in keyof T]?: NonNullable<T[K]> extends readonly unknown[]
    ? T[K]
    : NonNullable<T[K]> extends object
      ? DeepPartial<NonNullable<T[K]>>
      : T[K];
};

/** What a user writes: every part may be left out. */
export type UserConfig = DeepPartial<MooseConfig>;

export const defaultConfig: MooseConfig = {
  http: {
    host: "127.0.0.1",
    port: 4000,
    corsOrigins: ["*"],
    maxBodyBytes: 16 * 1024 * 1024,
    sharePort: false,
    operators: "loopback",
    docs: true,
  },
  clickhouse: { database: "moose", port: 18123 },
  stream: { partitions: 1, retention: { hours: 7 * 24, bytes: 2 * 1024 ** 3 }, forgetGroupsAfterHours: 7 * 24 },
  ingest: { maxLagBytes: 8 * 1024 ** 3, minFreeDiskBytes: 64 * 1024 ** 2, maxLoopDelayMs: 1_000, quarantine: false },
  quarantine: { retentionDays: 30, maxBytesPerHour: 64 * 1024 ** 2 },
  functions: defaultFunctionLimits,
  roles: allRoles,
  workers: 1,
  shutdown: { deadlineMs: 10_000, notReadyMs: 0 },
  dataDir: ".moose",
};

/** Types a `moose.config.ts`: `export default defineConfig({ … })`. */
export function defineConfig(config: UserConfig): UserConfig {
  return config;
}

/** Whether other processes of `moose serve` may use the same stream: it is Kafka, or the embedded log of a process that is to share it. */
export function sharesStream({ stream, roles, workers }: MooseConfig): boolean {
  if ("kafka" in stream && stream.kafka !== undefined) return true;
  return stream.shared ?? (workers > 1 || roles.length < allRoles.length);
}

/** `over` goes before `under`, key by key. */
export function mergeConfig(under: UserConfig, over: UserConfig): UserConfig {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isGroup(below) && isGroup(value) ? mergeConfig(below, value) : value;
  }
  return merged;
}

const isGroup = (value: unknown): value is UserConfig =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function withDefaults(config: UserConfig): MooseConfig {
  return {
    ...defaultConfig,
    ...config,
    http: { ...defaultConfig.http, ...config.http },
    clickhouse: { ...defaultConfig.clickhouse, ...config.clickhouse },
    stream: {
      ...defaultConfig.stream,
      ...config.stream,
      // As a whole: who names hours alone does not mean the default's bytes.
      retention: config.stream?.retention ?? defaultConfig.stream.retention,
      ...(config.stream?.kafka === undefined ? {} : { kafka: { ...kafkaDefaults, ...config.stream.kafka } }),
    },
    ingest: { ...defaultConfig.ingest, ...config.ingest },
    quarantine: { ...defaultConfig.quarantine, ...config.quarantine },
    functions: { ...defaultConfig.functions, ...config.functions },
    shutdown: { ...defaultConfig.shutdown, ...config.shutdown },
  } as MooseConfig;
}
