// The queue in a file keeps the contract of queues, through torn ends, full disks and other processes.
import { copyFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileQueue } from "./file-queue.ts";
import { chunkOf, queueChecks } from "./test-queue-contract.ts";

let folder: string;
const opened: FileQueue[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "moose-file-queue-"));
});
afterEach(async () => {
  for (const queue of opened.splice(0)) await queue.close();
  await rm(folder, { recursive: true });
});

async function openQueue(path: string, nowMs = () => 0): Promise<FileQueue> {
  const queue = new FileQueue(path, false, nowMs);
  await queue.open();
  opened.push(queue);
  return queue;
}

/** As the next process finds it: the file of one that is still open, in another place. */
async function afterCrash(path: string): Promise<FileQueue> {
  const copy = `${path}-${opened.length}`;
  await copyFile(path, copy);
  return openQueue(copy);
}

describe("FileQueue", () => {
  it.each(queueChecks)("$name", async ({ run }) => {
    const path = join(folder, "events");
    await run({ queue: await openQueue(path), reopen: () => afterCrash(path) });
  });

  it("finds every whole record, wherever a crash cut the file", async () => {
    const path = join(folder, "events");
    const queue = await openQueue(path);
    const ends: number[] = [];
    for (let id = 0; id < 4; id++) {
      await queue.append([chunkOf(id, 2)]);
      ends.push((await stat(path)).size);
    }
    const whole = await readFile(path);
    for (let bytes = 0; bytes <= whole.length; bytes++) {
      const cut = join(folder, "cut");
      await writeFile(cut, whole.subarray(0, bytes));
      const found = new FileQueue(cut, false, () => 0);
      await found.open();
      const expected = ends.filter((end) => end <= bytes).length;
      expect((await found.read(0, 1e6)).map(({ firstId }) => firstId)).toEqual([0, 1, 2, 3].slice(0, expected));
      // It goes on as if nothing had been torn.
      await found.append([chunkOf(9)]);
      expect((await found.read(0, 1e6)).at(-1)!.firstId).toBe(9);
      await found.close();
    }
  });

  it("gives nothing from a damaged record on, rather than something else", async () => {
    const path = join(folder, "events");
    const queue = await openQueue(path);
    await queue.append([chunkOf(0), chunkOf(1), chunkOf(2)]);
    const whole = await readFile(path);
    for (let at = 8; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 0x10;
      const copy = join(folder, "damaged");
      await writeFile(copy, damaged);
      const found = new FileQueue(copy, false, () => 0);
      await found.open();
      const ids = (await found.read(0, 1e6)).map(({ firstId, body }) => [firstId, Buffer.from(body).toString()]);
      expect([0, 1, 2].slice(0, ids.length).map((id) => [id, `{"n":"${id}"}\n`])).toEqual(ids);
      expect(ids.length).toBeLessThan(3);
      await found.close();
    }
  });

  it("does not grow for ever", async () => {
    const path = join(folder, "events");
    const queue = await openQueue(path);
    const body = new Uint8Array(256 * 1024).fill(32);
    const [kept] = await queue.append([chunkOf(0)]);
    for (let id = 1; id < 60; id++) await queue.remove(await queue.append([chunkOf(id, 1, { body })]), `p1.${id}`);
    expect((await stat(path)).size).toBeLessThan(6 * 1024 * 1024);
    const next = await afterCrash(path);
    expect((await next.read(0, 1e6)).map(({ key }) => key)).toEqual([kept]);
    expect(await next.position()).toBe("p1.59");
    const [key] = await next.append([chunkOf(60)]);
    expect(key).toBeGreaterThan(59);
  });

  it("forgets a position that is so old that every query sees it", async () => {
    let nowMs = 1_000_000;
    const queue = await openQueue(join(folder, "events"), () => nowMs);
    await queue.remove([], "p1.old");
    nowMs += 599_999;
    expect(await queue.position()).toBe("p1.old");
    nowMs += 1;
    expect(await queue.position()).toBeUndefined();
  });

  it("is one process's at a time, and takes over from one that died", async () => {
    const path = join(folder, "events");
    const queue = await openQueue(path);
    await expect(new FileQueue(path, false, () => 0).open()).rejects.toMatchObject({
      code: "queue_failed",
      message: expect.stringContaining(`process ${process.pid} uses it`),
    });
    await queue.append([chunkOf(0)]);
    await queue.close();
    opened.length = 0;
    // Process 1 lives, but began at another time; no process has the second number.
    for (const owner of ["1 1", "4194999 1", ""]) {
      await writeFile(`${path}.lock`, owner);
      const next = new FileQueue(path, false, () => 0);
      await next.open();
      expect(next.size.events).toBe(1);
      await next.close();
    }
  });

  it("refuses a file that is something else, and leaves it as it is", async () => {
    const path = join(folder, "photo.jpg");
    await writeFile(path, "not a queue at all");
    await expect(new FileQueue(path, false, () => 0).open()).rejects.toMatchObject({ code: "queue_failed" });
    expect(await readFile(path, "utf8")).toBe("not a queue at all");
    await truncate(path, 0);
    await openQueue(path);
  });

  it("says that it cannot be used where there is no folder", async () => {
    const queue = new FileQueue(join(folder, "nowhere", "events"), false, () => 0);
    await expect(queue.open()).rejects.toMatchObject({ code: "queue_failed", retryable: true });
  });
});
