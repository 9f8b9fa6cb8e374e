// The configuration of a server: what `moose.config.ts` may say, and the defaults.

export interface MooseConfig {
  readonly http: {
    readonly host: string;
    /** 0 chooses a free port. */
    readonly port: number;
    /** Origins that may call from a browser; "*" allows every one. */
    readonly corsOrigins: readonly string[];
    /** Largest request body, and largest body after decompression. Bytes. */
    readonly maxBodyBytes: number;
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
  /** Where the log and the embedded engine keep their data; relative to the project. */
  readonly dataDir: string;
  /** A folder of static files to serve at `/`; relative to the project. */
  readonly public?: string;
}

type DeepPartial<T> = {
  readonly [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : T[K] extends object ? DeepPartial<T[K]> : T[K];
};

/** What a user writes: every part may be left out. */
export type UserConfig = DeepPartial<MooseConfig>;

export const defaultConfig: MooseConfig = {
  http: { host: "127.0.0.1", port: 4000, corsOrigins: ["*"], maxBodyBytes: 16 * 1024 * 1024 },
  clickhouse: { database: "moose", port: 18123 },
  dataDir: ".moose",
};

/** Types a `moose.config.ts`: `export default defineConfig({ … })`. */
export function defineConfig(config: UserConfig): UserConfig {
  return config;
}

export function withDefaults(config: UserConfig): MooseConfig {
  return {
    ...defaultConfig,
    ...config,
    http: { ...defaultConfig.http, ...config.http },
    clickhouse: { ...defaultConfig.clickhouse, ...config.clickhouse },
  } as MooseConfig;
}
