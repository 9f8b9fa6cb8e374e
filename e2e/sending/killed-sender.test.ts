// A process that sends with a queue in a file is killed again and again, and so is the server: every accepted event is in ClickHouse exactly once.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleForNode, type NodeBundle, startNode } from "../../server/src/lib/test-node-process.ts";
import { expectExactlyOnce } from "../crash/expect-exactly-once.ts";
import { newAccount } from "../crash/load.ts";
import { between, seededRandom } from "../crash/random.ts";
import { ServerUnderTest } from "../crash/server-under-test.ts";
import { CuttableLink } from "../reading/cuttable-link.ts";

const KILLS = Number(process.env.MOOSE_SENDER_KILLS ?? 8);
const SEED = Number(process.env.MOOSE_SENDER_SEED ?? Date.now() % 2 ** 31);

describe(`a sender that is killed (MOOSE_SENDER_SEED=${SEED} MOOSE_SENDER_KILLS=${KILLS})`, () => {
  const random = seededRandom(SEED);
  const account = newAccount();
  let folder: string;
  let serverBundle: NodeBundle;
  let senderBundle: NodeBundle;
  let server: ServerUnderTest;
  let link: CuttableLink | undefined;
  let sender: ChildProcess | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "moose-sender-"));
    const entry = fileURLToPath(new URL("sender-process.ts", import.meta.url));
    serverBundle = await ServerUnderTest.bundle();
    senderBundle = await bundleForNode({ "sender-process": entry });
    await startServer();
  }, 120_000);
  afterAll(async () => {
    sender?.kill("SIGKILL");
    await link?.close();
    await server?.kill();
    senderBundle?.remove();
    serverBundle?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function startServer(): Promise<void> {
    server = await ServerUnderTest.start(serverBundle, folder);
    const port = Number(new URL(server.urls.api).port);
    if (link) link.up(port);
    else link = await CuttableLink.to(port);
  }

  /** Runs until so many more events were accepted. */
  async function runSender(run: number, events: number): Promise<ChildProcess> {
    const args = [link!.url, join(folder, "queue"), String(run), String(between(random, 1, 2 ** 30))];
    const child = startNode(senderBundle.path("sender-process"), args);
    child.stdout!.resume();
    const enough = account.acknowledged.size + events;
    child.on("message", (told: { sending?: { id: string; round: number; value: number }; accepted?: string }) => {
      if (told.sending) account.sent.set(told.sending.id, { ...told.sending, model: "Reading" });
      if (told.accepted) account.acknowledged.add(told.accepted);
    });
    await expect.poll(() => account.acknowledged.size >= enough, { timeout: 60_000, interval: 5 }).toBe(true);
    return child;
  }

  it(
    "has every accepted event in ClickHouse exactly once",
    async () => {
      for (let run = 0; run < KILLS; run++) {
        sender = await runSender(run, between(random, 1, 3_000));
        const gone = once(sender, "exit");
        sender.kill("SIGKILL");
        await gone;
        const dice = random();
        if (dice < 0.3) link!.cut();
        else if (dice < 0.5) {
          await server.kill();
          await startServer();
        } else if (dice < 0.6) link!.down();
        else link!.up();
      }
      link!.up();
      sender = await runSender(KILLS, 1);
      expect(await closed(sender)).toBe(0);
      console.log(`killed ${KILLS} times: ${account.acknowledged.size} accepted, seed ${SEED}`);
      await expectExactlyOnce(server.urls, account, ["Reading"]);
    },
    120_000 + KILLS * 15_000,
  );
});

/** Asks it to stop, and resolves with how many events are left in its queue then. */
function closed(sender: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    AbortSignal.timeout(90_000).addEventListener("abort", () => reject(new Error("the sender did not close")));
    sender.on("message", (told: { closed?: number }) => {
      if (told.closed !== undefined) resolve(told.closed);
    });
    sender.send("stop");
  });
}
