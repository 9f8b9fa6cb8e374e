// Limits of cgroups, as the two versions write them, and the memory of this process.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCgroupMemory, processMemoryBytes } from "./memory-use.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "moose-memory-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function plant(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

test("version 2: the strictest limit on the way up, and what everything below it uses", () => {
  plant({
    "proc/self/cgroup": "0::/system.slice/moose.service/worker\n",
    "sys/fs/cgroup/system.slice/moose.service/worker/memory.max": "max\n",
    "sys/fs/cgroup/system.slice/moose.service/memory.max": "536870912\n",
    "sys/fs/cgroup/system.slice/moose.service/memory.stat": "file 900000000\nanon 123456789\nanon_thp 5\n",
    "sys/fs/cgroup/system.slice/memory.max": "1073741824\n",
  });
  expect(openCgroupMemory(root)!()).toEqual({ usedBytes: 123_456_789, limitBytes: 536_870_912 });
});

test("version 2 in a container: the group is the top of what is mounted", () => {
  plant({
    "proc/self/cgroup": "0::/\n",
    "sys/fs/cgroup/memory.max": "268435456\n",
    "sys/fs/cgroup/memory.stat": "anon 1000\n",
  });
  expect(openCgroupMemory(root)!()).toEqual({ usedBytes: 1_000, limitBytes: 268_435_456 });
});

test("version 1, also where the folder of the group is not mounted", () => {
  plant({
    "proc/self/cgroup": "5:cpu,cpuacct:/\n4:memory:/docker/abc\n0::/\n",
    "sys/fs/cgroup/memory/memory.limit_in_bytes": "134217728\n",
    "sys/fs/cgroup/memory/memory.stat": "rss 1\ntotal_cache 77\ntotal_rss 4096\n",
  });
  expect(openCgroupMemory(root)!()).toEqual({ usedBytes: 4_096, limitBytes: 134_217_728 });
});

test.each([
  ["no cgroups at all", {}],
  ["version 1 without a limit", { "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n" }],
  ["version 2 without a limit", { "sys/fs/cgroup/memory.max": "max\n" }],
])("%s: no limit", (_name, files) => {
  plant({ "proc/self/cgroup": "4:memory:/\n0::/\n", ...files });
  expect(openCgroupMemory(root)).toBeUndefined();
});

test("memory of a process is what is resident without pages of files", () => {
  expect(processMemoryBytes("300000 20000 5000 1 0 9 0\n")).toBe(15_000 * 4096);
  const before = processMemoryBytes();
  const held = Buffer.alloc(64 * 1024 * 1024, 1);
  expect(processMemoryBytes() - before).toBeGreaterThan(0.8 * held.length);
});
