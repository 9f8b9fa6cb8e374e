// A function's process: keeps the user's code in a worker thread, and watches over its deadline, its memory and its end.
import { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { encodeFrame, FrameReader } from "./frames.ts";
import { SharedBoard } from "./shared-board.ts";
import type { FailureCode, FromProcess, Suspect, ToProcess } from "./slice.ts";
import type { ThreadData, ToThread } from "./thread-entry.ts";
import { ThreadWatch } from "./thread-watch.ts";

/**
 * Why a process around the thread: V8 ends the whole process when a thread asks for one piece larger than its heap (`for (;;) a.push(1)`
 * does), resourceLimits or not, and buffers lie outside of any heap.
 *
 *   host ── fd 3: frames ──▶ process ── messages ──▶ thread (user's code)
 */
const CHANNEL_FD = 3;
/** Beyond the heap's limit the process may hold its slices and what the thread needs to stand. */
const SLACK_MB = 64;
const LONGEST_TICK_MS = 250;
const MB = 1024 * 1024;

const threadUrl = process.argv[2]!;
const socket = new Socket({ fd: CHANNEL_FD });
let worker: Worker | undefined;
let dying = false;

const reader = new FrameReader((head, payload) => {
  const message = head as ToProcess;
  if (message.kind === "start") return start(message);
  worker?.postMessage({ message, payload } satisfies ToThread, [payload.buffer as ArrayBuffer]);
});
socket.on("data", (part) => reader.push(part));
// The host is gone: nobody takes what this process would come to.
socket.on("close", () => process.kill(process.pid, "SIGKILL"));
socket.on("error", () => process.kill(process.pid, "SIGKILL"));

function start({ limits, name }: Extract<ToProcess, { kind: "start" }>): void {
  const buffer = SharedBoard.bufferFor(limits.concurrency);
  const board = new SharedBoard(buffer);
  worker = new Worker(fileURLToPath(threadUrl), {
    workerData: { limits, name, board: buffer } satisfies ThreadData,
    // Stacks then name the user's files and lines.
    execArgv: ["--enable-source-maps"],
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb },
  });
  worker.on("message", (message: FromProcess) => {
    if (message.kind === "ready") watch();
    send(message);
  });
  worker.on("error", (error: Error & { code?: string }) => {
    const code = error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "function_memory" : "function_ended";
    die(code, `${error.name}: ${error.message}`, String(error.stack ?? ""));
  });
  worker.on("exit", (code) =>
    die("function_ended", `the function's thread ended with code ${code}: it must not call process.exit`),
  );

  function watch(): void {
    const idleBytes = process.memoryUsage.rss();
    const mostBytes = idleBytes + (limits.memoryMb + SLACK_MB) * MB;
    const watching = new ThreadWatch(limits.deadlineMs);
    const tickMs = Math.max(5, Math.min(LONGEST_TICK_MS, Math.floor(limits.deadlineMs / 8)));
    setInterval(() => {
      const overdue = watching.look(board.running(), performance.now());
      if (overdue !== undefined) {
        const suspect = { slice: board.slice, event: overdue };
        die("function_deadline", `no answer within ${limits.deadlineMs} ms`, "", [suspect]);
      } else if (process.memoryUsage.rss() > mostBytes) {
        die(
          "function_memory",
          `the function's process takes more than ${limits.memoryMb} MB beyond what it needs to stand idle`,
        );
      }
    }, tickMs);
  }

  function die(code: FailureCode, message: string, stack = "", known?: readonly Suspect[]): void {
    if (dying) return;
    dying = true;
    const suspects = known ?? board.running().map(({ event }) => ({ slice: board.slice, event }));
    send({ kind: "dying", code, message, stack, suspects });
    socket.end(() => process.kill(process.pid, "SIGKILL"));
  }
}

function send(message: FromProcess): void {
  for (const part of encodeFrame(message)) socket.write(part);
}
