// The queue in memory keeps the contract of queues.
import { describe, it } from "vitest";
import { MemoryQueue } from "./memory-queue.ts";
import { queueChecks } from "./test-queue-contract.ts";

describe("MemoryQueue", () => {
  it.each(queueChecks.filter(({ durable }) => !durable))("$name", async ({ run }) => {
    const queue = new MemoryQueue();
    await queue.open();
    await run({ queue, reopen: () => Promise.reject(new Error("memory does not outlive its process")) });
  });
});
