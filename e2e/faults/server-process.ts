// The server as a process of its own, under faults: starts the app with the configuration it is given and says where it listens.
import { startApp } from "../../server/src/app/app.ts";
import { type UserConfig, withDefaults } from "../../server/src/model/config.ts";
import { createJsonLog } from "../../server/src/telemetry/json-log.ts";
import { manifest } from "./project.ts";

const [projectDir, config] = process.argv.slice(2) as [string, string];

const app = await startApp({
  config: withDefaults(JSON.parse(config) as UserConfig),
  manifest,
  projectDir,
  log: createJsonLog({ write: (line) => process.stderr.write(`${line}\n`) }),
});
process.on("SIGTERM", () => void app.stop().then(() => process.exit(0)));
process.send!(app.urls);
