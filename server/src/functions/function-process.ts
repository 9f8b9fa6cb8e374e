// The host's end of one function process: starts it, speaks with it, and tells once how it ended.
import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import type { FunctionLimits } from "../model/function-spec.ts";
import { encodeFrame, FrameReader } from "./runtime/frames.ts";
import type { FromProcess, ToProcess } from "./runtime/slice.ts";

/** How a function's process is started; frames travel over its file descriptor 3. */
export interface ProcessCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How it takes events. */
  readonly payload: "native" | "json";
}

export interface ProcessEnd {
  /** What the process said before it ended, if it could. */
  readonly dying?: Extract<FromProcess, { kind: "dying" }>;
  /** "code 1", "signal SIGKILL", or why it could not be started. */
  readonly how: string;
  /** V8 aborts the process when a heap's limit is passed at once. */
  readonly aborted: boolean;
}

export interface ProcessListener {
  message(message: Exclude<FromProcess, { kind: "dying" }>): void;
  /** A line that the user's code wrote to stdout or stderr. */
  output(line: string, isError: boolean): void;
  /** Once, and last. */
  ended(end: ProcessEnd): void;
}

/** How a shell would put SIGABRT. */
const ABORTED = 134;
/** A line that never ends is cut here. */
const LONGEST_LINE = 8 * 1024;

export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  #dying: Extract<FromProcess, { kind: "dying" }> | undefined;

  constructor(command: ProcessCommand, name: string, limits: FunctionLimits, listener: ProcessListener) {
    this.#child = spawn(command.command, [...command.args], {
      cwd: command.cwd,
      env: command.env as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    this.#channel = this.#child.stdio[3] as Duplex;
    const reader = new FrameReader((head) => {
      const message = head as FromProcess;
      if (message.kind === "dying") this.#dying = message;
      else listener.message(message);
    });
    this.#channel.on("data", (part: Buffer) => {
      try {
        reader.push(part);
      } catch {
        // What is no frame was written by the user's code: this process cannot be understood any more.
        this.kill();
      }
    });
    // Its end is told by "close".
    this.#channel.on("error", () => {});
    forEachLine(this.#child.stdout!, (line) => listener.output(line, false));
    forEachLine(this.#child.stderr!, (line) => listener.output(line, true));
    let started: Error | undefined;
    this.#child.once("error", (error) => {
      started = error;
    });
    this.#child.once("close", (code, signal) => {
      const how = started?.message ?? (signal === null ? `code ${code}` : `signal ${signal}`);
      const end = { how, aborted: signal === "SIGABRT" || code === ABORTED };
      listener.ended(this.#dying === undefined ? end : { ...end, dying: this.#dying });
    });
    this.send({ kind: "start", limits, name });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToProcess, payload?: Uint8Array): void {
    for (const part of encodeFrame(message, payload)) this.#channel.write(part);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

function forEachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    if (rest.length > LONGEST_LINE) lines.push(rest);
    if (rest.length > LONGEST_LINE) rest = "";
    for (const line of lines) if (line !== "") onLine(line.slice(0, LONGEST_LINE));
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
