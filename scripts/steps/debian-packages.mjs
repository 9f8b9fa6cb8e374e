// Installs packages of Debian, where this process may.
import { spawnSync } from "node:child_process";

const LIMIT_MS = 600_000;

/** Undefined when they are installed, or the reason why not. */
export function installFromDebian(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (args) => spawnSync("apt-get", args, { encoding: "utf8", timeout: LIMIT_MS, env });
  if (process.getuid?.() !== 0 || apt(["--version"]).status !== 0) return "only root on Debian can install them here";
  for (const args of [
    ["update", "-q"],
    ["install", "-y", "-q", "--no-install-recommends", ...packages],
  ]) {
    const run = apt(args);
    if (run.status !== 0) return `apt-get ${args.join(" ")} failed: ${`${run.stderr ?? ""}`.trim().split("\n").at(-1)}`;
  }
  return undefined;
}
