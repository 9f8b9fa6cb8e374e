// The server as a process of its own for the tests of functions: loads a project, takes events and runs its functions; no tables.
import { startApp } from "../../server/src/app/app.ts";
import { withDefaults } from "../../server/src/model/config.ts";
import { loadProject } from "../../server/src/project/load-project.ts";
import type { Log } from "../../server/src/telemetry/log.ts";

const print =
  (level: string) =>
  (message: string, fields: object = {}) =>
    process.stderr.write(`${level} ${message} ${JSON.stringify(fields)}\n`);
const ignore = (): void => {};
const log: Log = { debug: ignore, info: ignore, warn: ignore, error: print("error"), child: () => log };

const projectDir = process.argv[2]!;
const { manifest, config } = await loadProject(projectDir);
const app = await startApp({
  config: withDefaults({ ...config, http: { port: 0 }, dataDir: "data" }),
  manifest,
  projectDir,
  log,
  roles: ["ingest", "functions"],
  ...(config.stream?.kafka === undefined ? { sharedStream: true } : {}),
});
process.on("SIGTERM", () => void app.stop().then(() => process.exit(0)));
process.send!(app.urls.api);
