// Finds strace, by which the fault suites make system calls fail, or installs Debian's where that is possible.
import { spawnSync } from "node:child_process";
import { installFromDebian } from "./debian-packages.mjs";

/** Not only there: a sandbox may forbid to trace. */
const works = () => spawnSync("strace", ["-qq", "-o", "/dev/null", "-e", "trace=none", "true"]).status === 0;

/** Undefined when system calls can be made to fail, or the reason why not. */
export function ensureStrace() {
  if (works()) return undefined;
  const reason = installFromDebian(["strace"]);
  if (reason !== undefined) return `strace would be needed: ${reason}`;
  return works() ? undefined : "strace is installed, but may not trace a process here";
}
