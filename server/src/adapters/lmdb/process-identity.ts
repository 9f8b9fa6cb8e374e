// Makes sure that one process at a time writes a log: a claim that names the process, taken inside a transaction.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { RootDatabase } from "lmdb";
import { MooseError } from "../../model/errors.ts";

interface Claim {
  readonly pid: number;
  /** When that process began, in the system's own words: a number that is used again is then not taken for the owner. */
  readonly startedAt: string;
}

const CLAIM_KEY = Buffer.from("claim");

/** Throws MooseError `data_folder_in_use`. LMDB runs write transactions of all processes one after the other, so two cannot both win. */
export function claimFolder(root: RootDatabase<Buffer, Buffer>, path: string): () => Promise<void> {
  const own: Claim = { pid: process.pid, startedAt: startOf(process.pid) ?? "" };
  root.transactionSync(() => {
    const stored = root.get(CLAIM_KEY);
    const owner = stored === undefined ? undefined : parse(stored);
    if (owner !== undefined && isAlive(owner)) {
      throw new MooseError(
        "data_folder_in_use",
        `The data folder ${path} is in use by process ${owner.pid}. Stop that process, or choose another dataDir.`,
        { extra: { pid: owner.pid } },
      );
    }
    root.putSync(CLAIM_KEY, Buffer.from(JSON.stringify(own)));
  });
  return async () => {
    await root.remove(CLAIM_KEY);
  };
}

function parse(stored: Buffer): Claim | undefined {
  try {
    return JSON.parse(stored.toString("utf8")) as Claim;
  } catch {
    return undefined;
  }
}

function isAlive(claim: Claim): boolean {
  try {
    process.kill(claim.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const startedAt = startOf(claim.pid);
  return startedAt === undefined || claim.startedAt === "" || startedAt === claim.startedAt;
}

/** Undefined where the system does not tell: then the number alone decides. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      // Field 22, counted behind the command, which may itself hold spaces and brackets.
      return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    }
    if (process.platform === "darwin") {
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { timeout: 2000, encoding: "utf8" }).trim();
    }
  } catch {}
  return undefined;
}
