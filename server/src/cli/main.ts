#!/usr/bin/env node
// Entry of the `moose` command: refuses a Node that is too old before anything that needs a newer one is loaded.
import { exitCodes } from "./exit-codes.ts";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > 20 || (major === 20 && minor >= 19)) {
  const packageUrl = new URL("../../package.json", import.meta.url);
  import("./run-command.ts").then(({ runCommand }) => runCommand(process.argv.slice(2), packageUrl));
} else {
  process.stderr.write(
    `Moose needs Node 20.19 or later; this is Node ${process.versions.node}. Install a newer one from https://nodejs.org, or with your version manager: nvm install 22.\n`,
  );
  process.exitCode = exitCodes.nodeTooOld;
}
