// ClickHouse as a service of its own, under faults: the embedded engine in a process that is not the server's.
import { startEmbeddedEngine } from "../../server/src/adapters/chdb/embedded-engine.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";

const [dataDir, port] = process.argv.slice(2) as [string, string];

const engine = await startEmbeddedEngine({ dataDir, port: Number(port), log: silentLog });
process.on("SIGTERM", () => void engine.stop().then(() => process.exit(0)));
process.send!({ url: engine.url, username: engine.username, password: engine.password });
