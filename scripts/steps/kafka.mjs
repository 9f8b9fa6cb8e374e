// Finds Apache Kafka's broker and kcat for the Kafka suites, or installs them where that is possible: Java, Maven and kcat from Debian, jars by Maven.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installFromDebian } from "./debian-packages.mjs";

const pom = fileURLToPath(new URL("kafka-broker.xml", import.meta.url));
const INSTALL_LIMIT_MS = 600_000;
const OLDEST_JAVA = 17;

const quiet = (command, args, timeout = 60_000) =>
  spawnSync(command, args, { encoding: "utf8", timeout, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });

/** The major version that `java -version` tells, or 0. */
export function javaVersion(text) {
  return Number(/version "(\d+)/.exec(text)?.[1] ?? 0);
}

const hasJava = () => javaVersion(quiet("java", ["-version"]).stderr ?? "") >= OLDEST_JAVA;
const hasMaven = () => quiet("mvn", ["--version"]).status === 0;
const hasKcat = () => quiet("kcat", ["-V"]).status === 0;

/** Where the jars are kept, outside the tree: by the version that the pom names. */
export function jarsFolder() {
  const version = /<kafka\.version>([^<]+)</.exec(readFileSync(pom, "utf8"))[1];
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(cache, "moose", `kafka-${version}`);
}

/** Puts the jars into the cache, whole or not at all. Maven compares each with its checksum. */
function fetchJars(folder) {
  mkdirSync(join(folder, ".."), { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  const args = ["-q", "-B", "-C", "-f", pom, "dependency:copy-dependencies", "-DincludeScope=runtime"];
  const run = quiet("mvn", [...args, `-DoutputDirectory=${fresh}`], INSTALL_LIMIT_MS);
  if (run.status === 0) {
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    return undefined;
  }
  rmSync(fresh, { recursive: true, force: true });
  return `Maven could not fetch Kafka: ${`${run.stdout ?? ""}${run.stderr ?? ""}`.trim().split("\n").at(-1)}`;
}

/** Folder of the broker's jars, with Java and kcat at hand; or the reason why there is none. */
export function ensureKafka() {
  const folder = jarsFolder();
  const wanted = [
    ...(hasJava() ? [] : ["openjdk-17-jre-headless"]),
    ...(existsSync(folder) || hasMaven() ? [] : ["maven"]),
    ...(hasKcat() ? [] : ["kcat"]),
  ];
  const missing = wanted.length === 0 ? undefined : installFromDebian(wanted);
  if (missing !== undefined)
    return {
      reason: `${wanted.join(", ")} would be needed; install Java ${OLDEST_JAVA} or later, Maven and kcat (${missing})`,
    };
  if (existsSync(folder)) return { folder };
  const reason = fetchJars(folder);
  return reason === undefined ? { folder } : { reason };
}

// `node scripts/steps/kafka.mjs` makes everything ready for `vitest`.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { folder, reason } = ensureKafka();
  console.log(folder ?? reason);
  process.exit(folder === undefined ? 1 : 0);
}
