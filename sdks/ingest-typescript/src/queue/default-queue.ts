// Where events wait if nobody says: pages have IndexedDB, all others memory.
import { isPage } from "../page-lifecycle.ts";
import type { QueueFactory } from "./event-queue.ts";
import { indexedDbQueue } from "./indexeddb-queue.ts";
import { memoryQueue } from "./memory-queue.ts";

export const defaultQueue = (): QueueFactory => (isPage() ? indexedDbQueue() : memoryQueue());
