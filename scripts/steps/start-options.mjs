// The options of `npm start -- …`.
import { parseArgs } from "node:util";

export const help = `npm start: installs, builds and starts Moose with the flights example, and replays real flights into it.

  npm start -- [options]

  --reset                   begin with an empty data folder
  --rate <events/s>         how fast flights are replayed (500); 0 is as fast as Moose takes them
  --port <port>             port of the API and the dashboard (4000)
  --clickhouse-port <port>  port of the embedded ClickHouse (18123)
  --data-dir <folder>       where the data is kept (examples/flights/.moose)
  --no-replay               start Moose only
  --help                    show this

Ctrl-C ends everything; the data stays for the next start.`;

const options = {
  reset: { type: "boolean" },
  rate: { type: "string" },
  port: { type: "string" },
  "clickhouse-port": { type: "string" },
  "data-dir": { type: "string" },
  "no-replay": { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

/** Throws an Error with a sentence when an option is unknown or a value makes no sense. */
export function parseStartOptions(args) {
  let values;
  try {
    values = parseArgs({ args, options, allowPositionals: false }).values;
  } catch (error) {
    throw new Error(
      `${error.message.split(". To specify")[0]}. Known: ${Object.keys(options)
        .map((name) => `--${name}`)
        .join(", ")}.`,
    );
  }
  for (const name of ["port", "clickhouse-port"]) requireNumber(name, values[name], 0, 65_535);
  requireNumber("rate", values.rate, 0, 10_000_000);
  return values;
}

function requireNumber(name, text, least, most) {
  if (text === undefined) return;
  if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > most) {
    throw new Error(`--${name} must be a whole number from ${least} to ${most}, not "${text}".`);
  }
}
