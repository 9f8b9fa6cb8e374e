// Turns Ctrl-C, SIGTERM and the end of the parent process into one AbortSignal; a second Ctrl-C ends at once.
import { exitCodes } from "./exit-codes.ts";

// A terminal signals the whole process group and npm signals its script as well: what comes this soon is the same Ctrl-C.
const SAME_KEYPRESS_MS = 500;

export function endSignal(): AbortSignal {
  const controller = new AbortController();
  let firstMs: number | undefined;
  const end = (): void => {
    if (firstMs === undefined) {
      firstMs = Date.now();
      controller.abort();
    } else if (Date.now() - firstMs > SAME_KEYPRESS_MS) {
      process.exit(exitCodes.interrupted);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  // Started with a channel (npm start), this process must not outlive the one that started it.
  process.once("disconnect", () => controller.abort());
  return controller.signal;
}
