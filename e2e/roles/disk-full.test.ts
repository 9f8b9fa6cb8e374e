// The disk of the embedded log runs full while ClickHouse is away: 503 at the bound, taken again when there is room, all of it arrives.
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { exitCodes } from "../../server/src/cli/exit-codes.ts";
import { bundleCli } from "../../server/src/cli/test-bundled-cli.ts";
import { newAnswers, sendEvents } from "./event-load.ts";
import { ServedProject } from "./served-project.ts";
import { StoppableClickHouse } from "./stoppable-clickhouse.ts";

const MEBIBYTE = 1024 * 1024;
const BALLAST_BYTES = 16 * MEBIBYTE;
const ROOM_BYTES = 24 * MEBIBYTE;
/** A disk in memory that hardly anything else uses, so that its free room is ours to count. Elsewhere the system's temporary folder. */
const disk = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

it("turns every model away when little room is left, and goes on when there is some again", async () => {
  const cli = await bundleCli();
  const clickhouse = await StoppableClickHouse.start();
  const project = new ServedProject(cli);
  const dataDir = mkdtempSync(join(disk, "moose-roles-disk-"));
  const ballast = join(dataDir, "ballast");
  try {
    writeFileSync(ballast, Buffer.alloc(BALLAST_BYTES, 1));
    const { bavail, bsize } = statfsSync(dataDir);
    const server = await project.serve([], {
      ...clickhouse.environment,
      MOOSE_DATA_DIR: dataDir,
      MOOSE_MIN_FREE_DISK_BYTES: String(bavail * bsize - ROOM_BYTES),
    });
    await clickhouse.stop();
    const answers = newAnswers();
    const load = (name: string) => ({
      url: () => server.url,
      model: "Reading",
      name,
      senders: 4,
      rowsPerRequest: 200,
      textBytes: 500,
      pauseMs: 20,
    });
    const send = async (name: string, enough: () => boolean): Promise<void> => {
      const ending = new AbortController();
      const watching = setInterval(() => {
        if (enough()) ending.abort();
      }, 20);
      await sendEvents(load(name), answers, ending.signal);
      clearInterval(watching);
    };
    await send("filling", () => (answers.byStatus.get("503") ?? 0) >= 20);
    expect(answers.acknowledged.size).toBeGreaterThan(0);
    expect([...answers.byStatus.keys()].sort()).toEqual(["200", "503"]);
    expect(answers.refusal).toMatchObject({ retryAfter: "5", problem: { code: "disk_full", reason: "disk" } });
    const note = await fetch(`${server.url}/ingest/Note`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"id":"n","value":1}',
    });
    expect(note.status).toBe(503);

    rmSync(ballast);
    const filled = answers.acknowledged.size;
    await send("after", () => answers.acknowledged.size > filled);
    await clickhouse.startAgain();
    const { size } = answers.acknowledged;
    await expect
      .poll(() => clickhouse.count("Reading"), { timeout: 60_000, interval: 200 })
      .toEqual({ rows: size, ids: size });
    expect(await server.end()).toBe(exitCodes.ok);
  } finally {
    await project.close();
    await clickhouse.close();
    rmSync(dataDir, { recursive: true, force: true });
    cli.remove();
  }
}, 180_000);
