// Where the parts of a server under test listen.

export interface Urls {
  readonly api: string;
  /** With credentials. */
  readonly clickhouse: string;
}
