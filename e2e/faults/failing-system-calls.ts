// Makes the system calls of a running process fail for a while, through strace.
import { spawn } from "node:child_process";
import { once } from "node:events";

export interface SystemCallFault {
  /** As strace names them: "fdatasync", "pwrite64". */
  readonly calls: readonly string[];
  readonly error: "EIO" | "ENOSPC";
  /** The first call that fails, counted from when strace is attached; from then on every one does. */
  readonly from: number;
}

/** Resolves when strace has let go of the process, or when that has died. Rejects when strace cannot be attached. */
export async function failSystemCalls(pid: number, fault: SystemCallFault, forMs: number): Promise<void> {
  const tracer = spawn(
    "strace",
    [
      "-f",
      "-qq",
      "-o",
      "/dev/null",
      "-e",
      `trace=${fault.calls.join(",")}`,
      "-e",
      `inject=${fault.calls.join(",")}:error=${fault.error}:when=${fault.from}+`,
      "-p",
      String(pid),
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  tracer.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = once(tracer, "exit");
  const over = new Promise((resolve) => setTimeout(resolve, forMs));
  const first = await Promise.race([ended, over]);
  if (Array.isArray(first)) {
    if (first[0] !== 0 && !/No such process/.test(said)) throw new Error(`strace ended with ${first[0]}: ${said}`);
    return;
  }
  // strace detaches on SIGINT and leaves the process as it was.
  tracer.kill("SIGINT");
  await ended;
}
