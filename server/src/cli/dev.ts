// `moose dev`: connects the running project with this terminal and with the process that started it.
import { basename, resolve } from "node:path";
import pico from "picocolors";
import { runDev } from "../dev/run-dev.ts";
import { createTerminal } from "../dev/terminal.ts";
import { endSignal } from "./end-signals.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Command } from "./parse-command.ts";

/** Resolves when it was asked to end. Throws MooseError when it cannot start. */
export async function dev({ dir, overrides, reset, colour }: Command, version: string): Promise<ExitCode> {
  const signal = endSignal();
  const terminal = createTerminal(process.stdout, { colour: colour && pico.isColorSupported });
  terminal.line(
    `${terminal.paint.bold(`Moose ${version}`)} ${terminal.paint.dim(`starting ${basename(resolve(dir))} …`)}`,
  );
  await runDev({
    dir,
    overrides,
    reset,
    terminal,
    signal,
    // `npm start` waits for this before it sends events.
    onReady: (urls) => process.send?.({ type: "ready", urls }),
  });
  return exitCodes.ok;
}
