// Builds the packages that changed since their last build, and those that depend on them, in the order of their dependencies.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { showProgress } from "./progress.mjs";
import { pnpm, runCommand } from "./run-command.mjs";
import { packageDigests, root } from "./workspace.mjs";

const stampPath = join(root, "node_modules", ".cache", "moose-build-stamps.json");

/** Throws StepFailure. */
export async function build() {
  const stale = stalePackages(readStamps());
  if (stale.length === 0) return;
  const [command, args] = pnpm("--workspace-concurrency=2", ...stale.map((name) => `--filter=${name}`), "run", "build");
  await showProgress("Building", () =>
    runCommand(command, args, {
      what: "Building",
      advice: "Run npx pnpm run build to see all of its output.",
      env: { CI: "true" },
    }),
  );
  // Taken after the build, since a build may write generated sources.
  mkdirSync(dirname(stampPath), { recursive: true });
  const stamps = [...packageDigests()].map(([name, { digest }]) => [name, digest]);
  writeFileSync(stampPath, JSON.stringify(Object.fromEntries(stamps)));
}

/** Names of the packages that were never built, or from other sources than those that are there now. */
export function stalePackages(stamps, at = root) {
  return [...packageDigests(at)]
    .filter(([name, { folder, digest }]) => stamps[name] !== digest || !existsSync(join(folder, "dist")))
    .map(([name]) => name);
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(stampPath, "utf8"));
  } catch {
    // Missing, or cut off in the middle of a write: then everything is built.
    return {};
  }
}
