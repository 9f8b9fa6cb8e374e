// Whether a disk has room for a write and a reserve.
import { statfsSync } from "node:fs";

/** False when `path` is on a disk with less free than that. A path that cannot be asked is left to the write itself. */
export function hasRoom(path: string, bytes: number, reserveBytes: number): boolean {
  return freeDiskBytes(path) >= bytes + reserveBytes;
}

/** Infinity for a path that cannot be asked. */
export function freeDiskBytes(path: string): number {
  try {
    // A look into the kernel's memory, a few µs: cheaper than the way to another thread and back.
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
