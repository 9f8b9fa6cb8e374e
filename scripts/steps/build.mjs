// Builds every package in the order of their dependencies, unless nothing changed since the last build.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { showProgress } from "./progress.mjs";
import { pnpm, runCommand } from "./run-command.mjs";
import { builtPackages, root, sourcesDigest } from "./workspace.mjs";

const stampPath = join(root, "node_modules", ".cache", "moose-build-stamp");

/** Throws StepFailure. */
export async function build() {
  if (isBuilt()) return;
  const [command, args] = pnpm("-r", "--workspace-concurrency=2", "run", "build");
  await showProgress("Building", () =>
    runCommand(command, args, {
      what: "Building",
      advice: "Run npx pnpm run build to see all of its output.",
      env: { CI: "true" },
    }),
  );
  // Taken after the build, since a build may write generated sources.
  mkdirSync(dirname(stampPath), { recursive: true });
  writeFileSync(stampPath, sourcesDigest());
}

function isBuilt() {
  return (
    existsSync(stampPath) &&
    builtPackages().every((folder) => existsSync(join(folder, "dist"))) &&
    readFileSync(stampPath, "utf8") === sourcesDigest()
  );
}
