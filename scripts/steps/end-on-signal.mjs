// Turns Ctrl-C and SIGTERM into an orderly end, and a second one into an end at once.
import { spawnSync } from "node:child_process";

// A terminal signals the whole group and npm signals its script as well: what comes this soon is still the first Ctrl-C.
const SAME_KEYPRESS_MS = 500;
const EXIT_CODE_AT_ONCE = 130;

const children = new Set();

/** A child process that is ended with this one. It leads a group of its own, so that a terminal's Ctrl-C reaches it only through us. */
export function endTogether(child) {
  children.add(child);
  child.once("exit", () => children.delete(child));
}

/** Signals a child and what it started. */
export function signalGroup(child, signal) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === "win32") {
    if (signal === "SIGKILL") spawnSync("taskkill", ["/pid", String(child.pid), "/t", "/f"]);
    else child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Calls `end` on the first signal. The second one kills what still runs. */
export function onEndSignal(end) {
  let firstMs;
  const handle = () => {
    if (firstMs === undefined) {
      firstMs = Date.now();
      end();
    } else if (Date.now() - firstMs > SAME_KEYPRESS_MS) {
      process.exit(EXIT_CODE_AT_ONCE);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, handle);
  process.on("exit", () => {
    for (const child of children) signalGroup(child, "SIGKILL");
  });
}
