// The workspace on disk: its root, its packages, and a digest of their sources that tells whether a build is still good.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** Folders of all packages, absolute. Reads the two forms that pnpm-workspace.yaml uses here: `name` and `folder/*`. */
export function packageFolders() {
  const text = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
  const globs = [...text.split(/^\w/m)[1].matchAll(/^\s+-\s+(\S+)/gm)].map((match) => match[1]);
  return globs
    .flatMap((glob) => {
      if (!glob.endsWith("/*")) return [join(root, glob)];
      const parent = join(root, glob.slice(0, -2));
      return existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : [];
    })
    .filter((folder) => existsSync(join(folder, "package.json")));
}

const notSources = new Set(["node_modules", "__pycache__", "dist", "build", "coverage", "results"]);
const isSource = (name) =>
  !name.startsWith(".") && !notSources.has(name) && !/^dist-|\.(md|log|tsbuildinfo)$|\.test\.ts$/.test(name);

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!isSource(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (entry.isFile()) yield path;
  }
}

/** Changes when a source of any package that is built changes, or the lockfile. Contents count, not dates: a fresh checkout is not newer. */
export function sourcesDigest() {
  const hash = createHash("sha256");
  const files = builtPackages().flatMap((folder) => [...sourceFiles(folder)]);
  for (const path of [...files, join(root, "pnpm-lock.yaml"), join(root, "tsconfig.base.json")]) {
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update("\0");
  }
  return hash.digest("hex");
}

/** Folders of the packages that have a build script. */
export function builtPackages() {
  return packageFolders().filter((folder) => readJson(join(folder, "package.json")).scripts?.build !== undefined);
}
