// Where events wait if nobody says: pages have IndexedDB, all others memory.
import type { QueueFactory } from "./event-queue.ts";
import { indexedDbQueue } from "./indexeddb-queue.ts";
import { memoryQueue } from "./memory-queue.ts";

/** Whether this is a page that can keep data. */
export const isPage = (): boolean => "document" in globalThis && "indexedDB" in globalThis;

export const defaultQueue = (): QueueFactory => (isPage() ? indexedDbQueue() : memoryQueue());
