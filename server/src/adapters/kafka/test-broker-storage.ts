// The storage of a test broker, formatted as Kafka wants it before the first start.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
// @ts-expect-error: a step of `npm test`, without types
import { jarsFolder } from "../../../../scripts/steps/kafka.mjs";

/** Of every Java process here: small, and quick to start. */
export const heap = ["-Xmx256m", "-Xms128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"];

const CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qg";

export const classpath = (): string => {
  const jars = jarsFolder() as string;
  try {
    readdirSync(jars);
  } catch {
    throw new Error(`Kafka's jars are not in ${jars}: run \`node scripts/steps/kafka.mjs\` once`);
  }
  return join(jars, "*");
};

/**
 * Formats `data` in the folder, by the server.properties there. Storage without users is made once for all brokers with the same number, and
 * kept beside the jars: making it takes a Java process of its own.
 */
export function formatStorage(folder: string, nodeId: number, scram: readonly string[]): void {
  const data = join(folder, "data");
  if (scram.length > 0) {
    formatNow(folder, scram);
    return;
  }
  const kept = `${jarsFolder()}-formatted-${nodeId}`;
  if (!existsSync(kept)) {
    formatNow(folder, scram);
    const fresh = mkdtempSync(`${kept}-`);
    cpSync(data, fresh, { recursive: true });
    try {
      renameSync(fresh, kept);
    } catch {
      // Another test run has put it there meanwhile.
      rmSync(fresh, { recursive: true, force: true });
    }
  } else cpSync(kept, data, { recursive: true });
}

function formatNow(folder: string, scram: readonly string[]): void {
  const args = ["format", "-t", CLUSTER_ID, "-c", join(folder, "server.properties")];
  for (const user of scram) args.push("--add-scram", user);
  const run = spawnSync("java", [...heap, "-cp", classpath(), "kafka.tools.StorageTool", ...args], {
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`Kafka's storage could not be formatted: ${run.stdout}${run.stderr}`);
}
