// For tests that start programs: a program that does not outlive this process, even when this one is killed and can do nothing any more.
import { spawn } from "node:child_process";
import type { Socket } from "node:net";

/** Reads until the pipe from the test process closes: with SIGKILL, too, the kernel closes it. */
const script = 'read -r _; kill -9 "$1" 2>/dev/null; [ -n "$2" ] && rm -rf "$2"';

/**
 * Once this process is gone the other is killed, and `folder`, if any, is removed. Call the result when the other has ended by itself: its
 * id may be another's then.
 */
export function endWithThisProcess(pid: number, folder = ""): () => void {
  // In a group of its own, so that a signal to this process's group does not end the guard first.
  const guard = spawn("sh", ["-c", script, "sh", String(pid), folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.unref();
  (guard.stdin as unknown as Socket).unref();
  return () => guard.kill("SIGKILL");
}
