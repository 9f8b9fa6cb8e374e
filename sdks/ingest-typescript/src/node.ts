// The part of the package for Node (also Bun and Deno with their Node compatibility): a queue in a file.
export { type FileQueueOptions, fileQueue } from "./queue/file-queue.ts";
