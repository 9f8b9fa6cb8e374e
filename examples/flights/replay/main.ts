// The command `node dist/replay.js`: options, signals, progress and exit code around the replay.
import { createIngest } from "@moose/ingest";
import { DelayReading } from "../models/delay-reading.ts";
import { Flight } from "../models/flight.ts";
import { parseOptions, usage } from "./parse-options.ts";
import { replayFlights } from "./replay-flights.ts";
import { waitForServer } from "./wait-for-server.ts";

const PROGRESS_MS = 10_000;
const CLOSE_LIMIT_MS = 5_000;
/** A replay makes its events from a file, so few of them need to be in memory. */
const MAX_QUEUE_BYTES = 1024 * 1024;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(usage);
    return 0;
  }
  let options: ReturnType<typeof parseOptions>;
  try {
    options = parseOptions(args, process.env);
  } catch (error) {
    console.error(`replay: ${(error as Error).message}\n\n${usage}`);
    return 2;
  }

  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  if (!(await waitForServer(options.url, options.waitMs, stop.signal))) {
    if (stop.signal.aborted) return 0;
    console.error(`replay: no server is ready at ${options.url}. Start one with "npm start", or name it with --url.`);
    return 1;
  }

  const ingest = createIngest({ url: options.url, models: [Flight, DelayReading], maxQueueBytes: MAX_QUEUE_BYTES });
  const pace = options.rate === 0 ? "as fast as the server takes them" : `${options.rate} a second`;
  console.log(`replay: sending flights to ${options.url}, ${pace}`);
  let before = 0;
  const progress = setInterval(() => {
    const { sentEvents, rejectedEvents, retries, queuedEvents } = ingest.metrics;
    const rate = Math.round(((sentEvents - before) / PROGRESS_MS) * 1000);
    const trouble = rejectedEvents + retries === 0 ? "" : `, ${rejectedEvents} refused, ${retries} retries`;
    console.log(`replay: ${sentEvents} events stored (${rate}/s), ${queuedEvents} on the way${trouble}`);
    before = sentEvents;
  }, PROGRESS_MS);
  try {
    await replayFlights(ingest, options, stop.signal);
    await ingest.close(stop.signal.aborted ? { timeoutMs: CLOSE_LIMIT_MS } : {});
    console.log(`replay: done, ${ingest.metrics.sentEvents} events stored`);
    return 0;
  } catch (error) {
    console.error(`replay: ${(error as Error).message}`);
    return stop.signal.aborted ? 0 : 1;
  } finally {
    clearInterval(progress);
  }
}
