// Finds the JavaScript file that the engine's process runs: the built one, or one bundled from this source.
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * In a build, tsup puts `engine-process.js` beside the file that this code ends up in, or one folder above.
 * From source (tests), esbuild bundles it into node_modules, from where its packages resolve as they do for the source.
 */
export async function engineEntry(): Promise<string> {
  for (const place of ["./engine-process.js", "../engine-process.js"]) {
    const built = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(built)) return built;
  }
  const source = fileURLToPath(new URL("./engine-process.ts", import.meta.url));
  const folder = join(packageFolder(source), "node_modules", ".cache", "moose");
  await mkdir(folder, { recursive: true });
  const { build } = await import("esbuild");
  // Written aside and renamed: other test files do the same at the same time.
  const draft = join(folder, `engine-process-${randomUUID()}.mjs`);
  await build({
    entryPoints: [source],
    outfile: draft,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
  });
  const entry = join(folder, "engine-process.mjs");
  await rename(draft, entry);
  return entry;
}

function packageFolder(file: string): string {
  let folder = dirname(file);
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`No package.json above ${file}`);
    folder = parent;
  }
  return folder;
}
