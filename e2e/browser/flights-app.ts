// The flights example as a user runs it: the real server, the built dashboard, a data folder of its own.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type App, loadProject, silentLog, startApp, withDefaults } from "@moose/server/embed";
import { build } from "vite";

const projectDir = fileURLToPath(new URL("../../examples/flights", import.meta.url));

export interface FlightsApp {
  /** Stays the same over a restart. */
  readonly url: string;
  readonly clickhouseUrl: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

/** Builds the page and a module with both SDKs into a folder of its own, and starts the server on free ports. */
export async function startFlightsApp(): Promise<FlightsApp> {
  const folder = await mkdtemp(join(tmpdir(), "moose-browser-"));
  const pageDir = join(folder, "page");
  await build({ configFile: join(projectDir, "vite.config.ts"), logLevel: "error", build: { outDir: pageDir } });
  await buildSdkModule(join(folder, "sdks"));
  await cp(join(folder, "sdks"), pageDir, { recursive: true });

  const { manifest, config } = await loadProject(projectDir);
  const port = await freePort();
  const full = withDefaults({
    ...config,
    http: { ...config.http, port },
    clickhouse: { ...config.clickhouse, port: 0 },
    dataDir: join(folder, "data"),
    public: pageDir,
  });
  let app: App | undefined;
  const flights: FlightsApp = {
    url: `http://127.0.0.1:${port}`,
    get clickhouseUrl() {
      if (!app) throw new Error("The server is stopped: it has no ClickHouse.");
      return app.urls.clickhouse;
    },
    async start() {
      app = await startApp({ config: full, manifest, projectDir, log: silentLog });
    },
    async stop() {
      await app?.stop();
      app = undefined;
    },
    async remove() {
      await flights.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await flights.start();
  return flights;
}

async function buildSdkModule(outDir: string): Promise<void> {
  await build({
    root: fileURLToPath(new URL(".", import.meta.url)),
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@moose/source", "module", "browser", "production"] },
    build: {
      outDir,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: {
        input: fileURLToPath(new URL("sdks-in-page.ts", import.meta.url)),
        preserveEntrySignatures: "strict",
        output: { format: "es", entryFileNames: "sdks-in-page.js" },
      },
    },
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
}
