// Finds Chromium for the browser suites, or installs Debian's where that is possible.
import { existsSync } from "node:fs";
import { installFromDebian } from "./debian-packages.mjs";

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
  const reason = installFromDebian(["chromium", "fonts-dejavu-core"]);
  if (reason !== undefined)
    return { reason: `no Chromium was found; install it, or set CHROMIUM_PATH to its executable (${reason})` };
  const installed = found();
  return installed === undefined
    ? { reason: "apt-get installed chromium, but it is not where it was expected" }
    : { path: installed };
}
