// The embedded product under faults: one server process, with the LMDB log, and the engine's process below it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleForNode, startNode } from "../../server/src/lib/test-node-process.ts";
import type { UserConfig } from "../../server/src/model/config.ts";
import { failSystemCalls, type SystemCallFault } from "./failing-system-calls.ts";
import { freePort } from "./free-port.ts";
import { childrenOf, ManagedProcess, suspend } from "./managed-process.ts";
import { runAudit } from "./run-audit.ts";
import type { Fault, Setup } from "./setup.ts";
import { untilReady } from "./until-ready.ts";
import type { Urls } from "./urls.ts";

export interface EmbeddedSetupOptions {
  readonly random: () => number;
  /** How long a process is stopped with SIGSTOP. */
  readonly stopMs: number;
  /** How long ClickHouse is away. */
  readonly awayMs: number;
}

export async function startEmbeddedSetup(options: EmbeddedSetupOptions): Promise<Setup> {
  const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const bundle = await bundleForNode({
    "server-process": file("server-process.ts"),
    "engine-process": file("../../server/src/adapters/chdb/engine-process.ts"),
    "cli/main": file("../../server/src/cli/main.ts"),
  });
  const projectDir = mkdtempSync(join(tmpdir(), "moose-faults-"));
  const [port, clickHousePort] = [await freePort(), await freePort()];
  const config: UserConfig = {
    http: { port },
    clickhouse: { port: clickHousePort },
    dataDir: "data",
    stream: { partitions: 4 },
  };
  const server = new ManagedProcess<Urls>(
    () => startNode(bundle.path("server-process"), [projectDir, JSON.stringify(config)], "pipe"),
    join(projectDir, "server.log"),
  );
  const urls = await server.up();

  const engine = (): number | undefined => childrenOf(server.pid)[0];
  const failing = (fault: Omit<SystemCallFault, "from">): Fault => ({
    name: `${fault.calls.join(" and ")} of the server fail with ${fault.error}`,
    strike: () => failSystemCalls(server.pid, { ...fault, from: 1 + Math.floor(options.random() * 20) }, 1_500),
  });
  const killEngine = async (): Promise<void> => {
    const pid = engine();
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  };
  const withEngine = async (work: (pid: number) => Promise<void>): Promise<void> => {
    const pid = engine();
    if (pid !== undefined) await work(pid);
  };

  const recover = async (): Promise<void> => {
    await server.up();
    if (await untilReady(urls.api)) return;
    // After a failed write the log is read-only by design, until a restart reads what the disk really holds. Not stopped but killed:
    // LMDB's native part corrupts its heap when a write of pages fails, and may abort in its close.
    await server.kill();
    await server.up();
    if (!(await untilReady(urls.api))) throw new Error(`the server does not get ready; see ${projectDir}`);
  };

  return {
    urls,
    faults: [
      { name: "SIGKILL of the server", strike: () => server.kill() },
      { name: "SIGKILL of ClickHouse", strike: killEngine },
      { name: "SIGKILL of ClickHouse, then of the server", strike: () => killEngine().then(() => server.kill()) },
      { name: "SIGTERM of the server", strike: () => server.stop() },
      { name: `SIGSTOP of the server for ${options.stopMs} ms`, strike: () => suspend(server.pid, options.stopMs) },
      {
        name: `SIGSTOP of ClickHouse for ${options.stopMs} ms`,
        strike: () => withEngine((pid) => suspend(pid, options.stopMs)),
      },
      {
        name: `ClickHouse away for ${options.awayMs} ms`,
        strike: () => withEngine((pid) => suspend(pid, options.awayMs)),
      },
      failing({ calls: ["fdatasync", "fsync"], error: "EIO" }),
      failing({ calls: ["fdatasync", "fsync"], error: "ENOSPC" }),
      failing({ calls: ["pwrite64", "pwritev", "write"], error: "ENOSPC" }),
      failing({ calls: ["pwrite64", "pwritev"], error: "EIO" }),
    ],
    recover,
    audit: () => runAudit(bundle.path("cli/main"), urls.api),
    folder: projectDir,
    async dispose(keepFolder) {
      await server.kill();
      bundle.remove();
      if (!keepFolder) rmSync(projectDir, { recursive: true, force: true });
    },
  };
}
