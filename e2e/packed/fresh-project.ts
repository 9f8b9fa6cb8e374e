// A project outside of the workspace that has our packages as anyone installs them: from the tarballs that are published.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const LIMIT_MS = 120_000;

export interface FreshProject {
  readonly folder: string;
  readonly tarballs: readonly string[];
  /** Writes a file of the project. */
  write(path: string, text: string): Promise<string>;
  /** Runs one of its scripts; resolves with what it printed. */
  node(path: string, env?: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

/** Packs what `pnpm run build` has built last. `packages` are folders of the workspace, in any order. */
export async function createFreshProject(packages: readonly string[]): Promise<FreshProject> {
  const folder = await mkdtemp(join(tmpdir(), "moose-packed-"));
  const tarballFolder = join(folder, "tarballs");
  await mkdir(tarballFolder);
  for (const name of packages) {
    const cwd = join(root, name);
    if (!existsSync(join(cwd, "dist"))) throw new Error(`${name} is not built: run npx pnpm run build`);
    await run("npx", ["--yes", `pnpm@${await pnpmVersion()}`, "pack", "--pack-destination", tarballFolder], {
      cwd,
      timeout: LIMIT_MS,
    });
  }
  const tarballs = (await readdir(tarballFolder)).map((name) => join(tarballFolder, name));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  // Offline: our packages need nothing but each other.
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", ...tarballs], {
    cwd: folder,
    timeout: LIMIT_MS,
  });
  return {
    folder,
    tarballs,
    async write(path, text) {
      await writeFile(join(folder, path), text);
      return join(folder, path);
    },
    async node(path, env = {}) {
      const { stdout } = await run(process.execPath, [join(folder, path)], {
        cwd: folder,
        timeout: LIMIT_MS,
        env: { ...process.env, ...env },
      });
      return stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function pnpmVersion(): Promise<string> {
  const { default: manifest } = (await import("../../package.json", { with: { type: "json" } })) as {
    default: { packageManager: string };
  };
  return manifest.packageManager.split("@")[1]!;
}
