// Installs the packages that the lockfile names, unless they are there already.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { showProgress } from "./progress.mjs";
import { pnpm, runCommand } from "./run-command.mjs";
import { packageFolders, readJson, root } from "./workspace.mjs";

/** Throws StepFailure. */
export async function install() {
  if (isInstalled()) return;
  const [command, args] = pnpm("install", "--frozen-lockfile");
  await showProgress("Installing packages", () =>
    runCommand(command, args, {
      what: "Installing packages",
      advice: "Run npx pnpm install to see all of its output.",
      // pnpm asks no questions and draws no progress bars then.
      env: { CI: "true" },
    }),
  );
}

/** pnpm leaves a copy of the lockfile it installed, as the last thing that it does. */
function isInstalled() {
  const installed = join(root, "node_modules", ".pnpm", "lock.yaml");
  if (!existsSync(installed)) return false;
  if (readFileSync(installed, "utf8") !== readFileSync(join(root, "pnpm-lock.yaml"), "utf8")) return false;
  return packageFolders().every((folder) => {
    const { dependencies = {}, devDependencies = {} } = readJson(join(folder, "package.json"));
    const needsFolder = Object.keys(dependencies).length + Object.keys(devDependencies).length > 0;
    return !needsFolder || existsSync(join(folder, "node_modules"));
  });
}
