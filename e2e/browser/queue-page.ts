// What the page of the queue's contract holds: the checks, each on a database of its own.

import { IndexedDbQueue } from "../../sdks/ingest-typescript/src/queue/indexeddb-queue.ts";
import { queueChecks } from "../../sdks/ingest-typescript/src/queue/test-queue-contract.ts";

const open = async (name: string): Promise<IndexedDbQueue> => {
  const queue = new IndexedDbQueue(name, () => Date.now());
  await queue.open();
  return queue;
};

export const queuePage = {
  names: queueChecks.map(({ name }) => name),
  async run(name: string): Promise<string> {
    const check = queueChecks.find((each) => each.name === name);
    if (!check) throw new Error(`there is no check ${name}`);
    // Another connection sees what a crash of this page would leave.
    await check.run({ queue: await open(name), reopen: () => open(name) });
    return "kept";
  },
};

(globalThis as unknown as { queuePage: typeof queuePage }).queuePage = queuePage;
