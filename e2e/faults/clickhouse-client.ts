// A client of the ClickHouse under test.
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import type { Urls } from "./urls.ts";

export function clickHouseClient({ clickhouse }: Pick<Urls, "clickhouse">): ClickHouseClient {
  const url = new URL(clickhouse);
  return createClient({
    url: url.origin,
    username: decodeURIComponent(url.username) || "default",
    password: decodeURIComponent(url.password),
    database: "moose",
    request_timeout: 60_000,
    log: { level: ClickHouseLogLevel.OFF },
  });
}
