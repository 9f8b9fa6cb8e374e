// How much memory is used and how much there may be: of this process, and of its cgroup (v1 and v2) where there is one.
import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";

export interface MemoryUse {
  readonly usedBytes: number;
  /** Infinity where nothing limits it. */
  readonly limitBytes: number;
}

const PAGE_BYTES = 4096;

/** Memory of this process that only its end or its own free gives back: pages of files, which the kernel takes when it needs them, do not count. */
export function processMemoryBytes(statm = readText("/proc/self/statm")): number {
  if (statm === undefined) return process.memoryUsage.rss();
  const [, resident = 0, shared = 0] = statm.split(" ").map(Number);
  return (resident - shared) * PAGE_BYTES;
}

/** The strictest limit above this process, and what all processes under it use. Undefined without one. */
export function openCgroupMemory(root = "/"): (() => MemoryUse) | undefined {
  const mounted = join(root, "sys/fs/cgroup");
  const membership = readText(join(root, "proc/self/cgroup")) ?? "";
  let strictest: { folder: string; limitBytes: number; version: Version } | undefined;
  for (const version of versions) {
    const path = version.membership.exec(membership)?.[1];
    if (path === undefined) continue;
    const top = join(mounted, version.folder);
    // Inside a container the path may name folders of the host that are not mounted here: then only the top one is found.
    for (let folder = join(top, path); folder.startsWith(top); folder = dirname(folder)) {
      const limitBytes = Number(readText(join(folder, version.limitFile)) ?? Number.NaN);
      // Version 1 writes "no limit" as a number beyond any machine, version 2 as "max".
      if (
        limitBytes > 0 &&
        limitBytes < totalmem() &&
        limitBytes < (strictest?.limitBytes ?? Number.POSITIVE_INFINITY)
      ) {
        strictest = { folder, limitBytes, version };
      }
    }
  }
  if (strictest === undefined) return undefined;
  const { folder, limitBytes, version } = strictest;
  return () => ({
    usedBytes: Number(version.used.exec(readText(join(folder, "memory.stat")) ?? "")?.[1] ?? 0),
    limitBytes,
  });
}

interface Version {
  readonly folder: string;
  readonly membership: RegExp;
  readonly limitFile: string;
  /** In memory.stat: what is no cache of files, also of the groups below. */
  readonly used: RegExp;
}

const versions: readonly Version[] = [
  { folder: "", membership: /^0::(\/.*)$/m, limitFile: "memory.max", used: /^anon (\d+)$/m },
  {
    folder: "memory",
    membership: /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(\/.*)$/m,
    limitFile: "memory.limit_in_bytes",
    used: /^total_rss (\d+)$/m,
  },
];

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
