// The server as a process of its own, under faults: starts the app with the configuration it is given and says where it listens.
import { startApp } from "../../server/src/app/app.ts";
import { type UserConfig, withDefaults } from "../../server/src/model/config.ts";
import type { Role } from "../../server/src/model/roles.ts";
import { createJsonLog } from "../../server/src/telemetry/json-log.ts";
import { manifest } from "./project.ts";

/** Roles with commas between them; all when absent. */
const [projectDir, config, roles] = process.argv.slice(2) as [string, string, string?];

const app = await startApp({
  config: withDefaults(JSON.parse(config) as UserConfig),
  manifest,
  projectDir,
  ...(roles === undefined ? {} : { roles: roles.split(",") as Role[] }),
  log: createJsonLog({ write: (line) => process.stderr.write(`${line}\n`) }),
});
process.on("SIGTERM", () => void app.stop().then(() => process.exit(0)));
process.send!(app.urls);
