// The workspace on disk: its root, its packages, and a digest of their sources that tells whether a build is still good.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** Folders of all packages, absolute. Reads the two forms that pnpm-workspace.yaml uses here: `name` and `folder/*`. */
export function packageFolders(at = root) {
  const text = readFileSync(join(at, "pnpm-workspace.yaml"), "utf8");
  const globs = [...text.split(/^\w/m)[1].matchAll(/^\s+-\s+(\S+)/gm)].map((match) => match[1]);
  return globs
    .flatMap((glob) => {
      if (!glob.endsWith("/*")) return [join(at, glob)];
      const parent = join(at, glob.slice(0, -2));
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

/** Folders of the packages that have a build script. */
export function builtPackages(at = root) {
  return packageFolders(at).filter((folder) => readJson(join(folder, "package.json")).scripts?.build !== undefined);
}

/**
 * For each package that is built, by name: a digest of its sources, of the lockfile, and of the packages it depends on, so
 * that a change shows in everything that is built from it. Contents count, not dates: a fresh checkout is not newer.
 */
export function packageDigests(at = root) {
  const shared = hashFiles([join(at, "pnpm-lock.yaml"), join(at, "tsconfig.base.json")], at);
  const packages = new Map(
    builtPackages(at).map((folder) => {
      const { name, dependencies = {}, devDependencies = {} } = readJson(join(folder, "package.json"));
      return [name, { folder, uses: Object.keys({ ...dependencies, ...devDependencies }).sort() }];
    }),
  );
  const digests = new Map();
  const digestOf = (name) => {
    let digest = digests.get(name);
    if (digest === undefined) {
      const { folder, uses } = packages.get(name);
      const used = uses.filter((other) => packages.has(other)).map(digestOf);
      digest = createHash("sha256")
        .update([shared, hashFiles(sourceFiles(folder), at), ...used].join("\n"))
        .digest("hex");
      digests.set(name, digest);
    }
    return digest;
  };
  return new Map([...packages].map(([name, { folder }]) => [name, { folder, digest: digestOf(name) }]));
}

function hashFiles(paths, at) {
  const hash = createHash("sha256");
  for (const path of paths) {
    hash
      .update(`${relative(at, path)}\0`)
      .update(readFileSync(path))
      .update("\0");
  }
  return hash.digest("hex");
}
