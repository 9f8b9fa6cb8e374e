// A load without a server: so many lanes, each doing one thing after the other, timed as the load over HTTP is.
import { performance } from "node:perf_hooks";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** `step()` resolves with { events, bytes } of one append. Prints the same lines as http-load. */
export async function measureLoop({ lanes, warmUpMs, measureMs }, step) {
  const latenciesMs = [];
  let accepted = 0;
  let sentBytes = 0;
  let phase = "warm-up";
  const lane = async () => {
    while (phase !== "done") {
      const begunAt = performance.now();
      const { events, bytes } = await step();
      if (phase !== "measuring") continue;
      latenciesMs.push(performance.now() - begunAt);
      accepted += events;
      sentBytes += bytes;
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, lane));
  await Promise.race([pause(warmUpMs), running]);
  phase = "measuring";
  const startedAt = performance.now();
  console.log(JSON.stringify({ event: "measuring" }));
  await Promise.race([pause(measureMs), running]);
  const elapsedMs = performance.now() - startedAt;
  const measured = { accepted, sentBytes };
  phase = "done";
  console.log(JSON.stringify({ event: "measured" }));
  await running;
  latenciesMs.sort((a, b) => a - b);
  const at = (p) => latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * p))] ?? Number.NaN;
  const result = { event: "result", ...measured, elapsedMs, statuses: {}, cpuMs: 0, p50Ms: at(0.5), p99Ms: at(0.99) };
  console.log(JSON.stringify(result));
}
