// Finds Chromium for the browser suites, or installs Debian's where that is possible.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const found = () => [process.env.CHROMIUM_PATH, ...places].find((path) => path !== undefined && existsSync(path));

/** Path of a Chromium, or undefined with the reason why there is none. */
export function ensureChromium() {
  const present = found();
  if (present !== undefined) return { path: present };
  const canInstall = process.getuid?.() === 0 && spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;
  if (!canInstall) return { reason: "no Chromium was found; install it, or set CHROMIUM_PATH to its executable" };
  for (const args of [
    ["update", "-q"],
    ["install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
  ]) {
    const run = spawnSync("apt-get", args, {
      encoding: "utf8",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    if (run.status !== 0)
      return { reason: `apt-get ${args.join(" ")} failed: ${run.stderr.trim().split("\n").at(-1)}` };
  }
  const installed = found();
  return installed === undefined
    ? { reason: "apt-get installed chromium, but it is not where it was expected" }
    : { path: installed };
}
