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

/** CPU time of each process of the tree so far, to be given to cpuMsSince. */
export function cpuTicks(root) {
  return new Map(processTree(root).map(({ pid, ticks }) => [pid, ticks]));
}

/** CPU milliseconds that the processes of the tree that live now have used since `before`; or the root `alone`. */
export function cpuMsSince(before, root, { alone = false } = {}) {
  const counted = alone ? [stat(root)].filter((entry) => entry !== undefined) : processTree(root);
  const used = counted.reduce((sum, { pid, ticks }) => sum + ticks - (before.get(pid) ?? 0), 0);
  return (used * 1000) / TICKS_PER_SECOND;
}

/** Memory of each process of the tree, with the start of its command line. A page that n processes share counts n times as resident, once in proportion. */
export function memoryOf(root) {
  return processTree(root).map(({ pid }) => {
    try {
      const kilobytes = (file, field) =>
        Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/${file}`, "utf8"))?.[1] ?? 0);
      return {
        pid,
        command: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, 6).join(" "),
        residentBytes: kilobytes("status", "VmRSS") * 1024,
        // Without pages of files, such as those of the mapped log, which the system takes back when it needs them.
        anonymousBytes: kilobytes("status", "RssAnon") * 1024,
        proportionalBytes: kilobytes("smaps_rollup", "Pss") * 1024,
      };
    } catch {
      return { pid, command: "(ended)", residentBytes: 0, anonymousBytes: 0, proportionalBytes: 0 };
    }
  });
}
