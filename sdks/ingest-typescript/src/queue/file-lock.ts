// One process at a time: a file that names its owner. What a process that died left behind is taken over.
import { readFileSync } from "node:fs";
import { open, readFile, rename, unlink } from "node:fs/promises";

/** Of this process: a lock that names it and is not among them is an earlier process's that had the same number, as in containers. */
const held = new Set<string>();

/** Resolves with what releases the lock. Rejects when another process that lives holds it. */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const own = `${process.pid} ${startOf(process.pid)}`;
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(path, "wx");
      await handle.writeFile(own);
      await handle.close();
      held.add(path);
      return async () => {
        held.delete(path);
        await unlink(path);
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = await readFile(path, "utf8").catch(() => undefined);
    if (owner === undefined) continue;
    if (attempt > 5 || isAlive(owner, path))
      throw new Error(`process ${owner.split(" ")[0]} uses it; give each process a file of its own`);
    await takeAway(path, owner);
  }
}

/** Only what was seen: another process may have put its own lock there meanwhile, which goes back then. */
async function takeAway(path: string, owner: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, "utf8")) === owner) await unlink(aside);
    else await rename(aside, path);
  } catch (error) {
    // Somebody else took it away.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function isAlive(owner: string, path: string): boolean {
  const [pidText, start] = owner.split(" ");
  const pid = Number(pidText);
  // Its owner had no time to write its name.
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return held.has(path);
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return start === "" || startOf(pid) === start;
}

/** When a process began, in ticks since the machine did: tells it from a later one with its number. "" where the system does not say. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
