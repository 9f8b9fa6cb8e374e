// The options of the replay, from the command line.
import { parseArgs } from "node:util";

export interface ReplayOptions {
  readonly url: string;
  readonly source: "parquet" | "json" | "both";
  /** Events a second; 0 is as fast as the server takes them. */
  readonly rate: number;
  /** Starts again at the end of the data. */
  readonly loop: boolean;
  /** Events after which the replay ends. */
  readonly limit: number;
  /** How long to wait for a server that is not there yet. */
  readonly waitMs: number;
}

export const usage = `Replays real flights as live events.

  --url <url>        the Moose server             (default http://localhost:4000, or MOOSE_URL)
  --rate <n>         events a second, 0 = as fast as the server takes them   (default 500)
  --source <name>    parquet: 3 million flights; json: 200,000 delays by hour; both   (default both)
  --limit <n>        end after so many events     (default: at the end of the data)
  --loop             begin again at the end of the data
  --wait <seconds>   wait so long for the server  (default 60)
`;

/** Throws a TypeError or RangeError whose message says what is wrong. */
export function parseOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ReplayOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: "string", default: env.MOOSE_URL ?? "http://localhost:4000" },
      source: { type: "string", default: "both" },
      rate: { type: "string", default: "500" },
      limit: { type: "string" },
      loop: { type: "boolean", default: false },
      wait: { type: "string", default: "60" },
    },
  });
  const { source } = values;
  if (source !== "parquet" && source !== "json" && source !== "both") {
    throw new RangeError(`--source is parquet, json or both, not "${source}"`);
  }
  return {
    url: values.url,
    source,
    rate: numberOf("--rate", values.rate),
    loop: values.loop,
    limit: values.limit === undefined ? Number.POSITIVE_INFINITY : numberOf("--limit", values.limit),
    waitMs: numberOf("--wait", values.wait) * 1000,
  };
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0) {
    throw new RangeError(`${name} is a number of at least 0, not "${text}"`);
  }
  return value;
}
