// CPU time and resident memory of a process and its descendants, from /proc (Linux).
import { readdirSync, readFileSync } from "node:fs";

/** USER_HZ: what /proc counts in, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command may hold spaces and parentheses: fields count from behind the last one.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { pid: Number(pid), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}

/** The process and everything below it that lives now. */
export function processTree(root) {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(stat)
    .filter((entry) => entry !== undefined);
  const tree = all.filter((entry) => entry.pid === root);
  for (let i = 0; i < tree.length; i++) {
    for (const entry of all) if (entry.parent === tree[i].pid) tree.push(entry);
  }
  return tree;
}

/** CPU milliseconds of the tree so far. */
export function cpuMs(root) {
  return processTree(root).reduce((sum, entry) => sum + (entry.ticks * 1000) / TICKS_PER_SECOND, 0);
}

/** Resident bytes of each process of the tree, with the start of its command line. */
export function residentMemory(root) {
  return processTree(root).map(({ pid }) => {
    try {
      const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, 3).join(" ");
      return { pid, command, bytes: Number(kb) * 1024 };
    } catch {
      return { pid, command: "(ended)", bytes: 0 };
    }
  });
}
