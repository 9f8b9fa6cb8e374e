// Runs one `moose` command: chooses it, loads only what it needs, and ends the process with its exit code.
import { readFileSync } from "node:fs";
import pico from "picocolors";
import { exitCodes } from "./exit-codes.ts";
import { type Command, parseCommand } from "./parse-command.ts";

/** `packageUrl` is the package.json that holds the version. */
export async function runCommand(args: readonly string[], packageUrl: URL): Promise<void> {
  let paint = pico;
  try {
    if (args[0] === "quarantine") {
      const { quarantine } = await import("./quarantine.ts");
      process.exitCode = await quarantine(args.slice(1));
      return end();
    }
    if (args[0] === "generate") {
      const { generate } = await import("./generate.ts");
      process.exitCode = await generate(args.slice(1));
      return end();
    }
    const command = parseCommand(args);
    if (!command.colour) paint = pico.createColors(false) as typeof pico;
    process.exitCode = await run(command, packageUrl);
  } catch (error) {
    const { reportError } = await import("./report-error.ts");
    process.exitCode = reportError(error, paint);
  }
  end();
}

/** esbuild's service and the like must not keep a command alive that is done; what it wrote goes out first. */
const end = (): void => void process.stdout.write("", () => process.stderr.write("", () => process.exit()));

async function run(command: Command, packageUrl: URL): Promise<number> {
  switch (command.name) {
    case "version":
      process.stdout.write(`${versionIn(packageUrl)}\n`);
      return exitCodes.ok;
    case "help": {
      const { help } = await import("./help.ts");
      process.stdout.write(help);
      return exitCodes.ok;
    }
    case "check": {
      const { check } = await import("./check.ts");
      return check(command);
    }
    case "audit": {
      const { audit } = await import("./audit.ts");
      return audit(command.audit!);
    }
    case "serve": {
      const { serve } = await import("./serve.ts");
      return serve(command, versionIn(packageUrl));
    }
    case "dev": {
      const { dev } = await import("./dev.ts");
      return dev(command, versionIn(packageUrl));
    }
  }
}

const versionIn = (packageUrl: URL): string =>
  (JSON.parse(readFileSync(packageUrl, "utf8")) as { version: string }).version;
