// Finds the files of a user's project by where they stand: models/, aggregations/, functions/ and moose.config.ts.
import { type Dirent, existsSync, readdirSync, realpathSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { MooseError } from "../model/errors.ts";

export const configFileName = "moose.config.ts";
export const definitionFolders = ["models", "aggregations", "functions"] as const;

/** Paths are relative to the project, with forward slashes, in order of their names. */
export interface ProjectFiles {
  readonly definitions: readonly string[];
  /** Models in Prisma's language: they are read, never run. */
  readonly prisma: readonly string[];
  /** Stream functions in Python. */
  readonly python: readonly string[];
  readonly config: string | undefined;
}

const isPrisma = (name: string): boolean => name.endsWith(".prisma");
const isPython = (name: string): boolean => name.endsWith(".py");
const isDefinition = (name: string): boolean =>
  isPrisma(name) ||
  (isPython(name) && !/^(test_.*|.*_test|conftest|__init__)\.py$/.test(name)) ||
  (/\.tsx?$/.test(name) && !/\.(d|test|spec)\.tsx?$/.test(name));

/** The folder by its real path, so that the names that tools report under it can be compared. */
export function projectFolder(dir: string): string {
  const path = resolve(dir);
  return existsSync(path) ? realpathSync(path) : path;
}

/** Throws `project_invalid` when the folder is no project at all. */
export function findFiles(projectDir: string): ProjectFiles {
  const config = existsSync(join(projectDir, configFileName)) ? configFileName : undefined;
  const folders = definitionFolders.filter((folder) => existsSync(join(projectDir, folder)));
  if (config === undefined && folders.length === 0) {
    const reason = existsSync(projectDir) ? `has neither a models folder nor a ${configFileName}` : "does not exist";
    throw new MooseError(
      "project_invalid",
      `${projectDir} is not a Moose project: it ${reason}. Run moose in a project's folder, or name it: moose dev <folder>.`,
    );
  }
  const files = folders
    .flatMap((folder) => walk(join(projectDir, folder)).files)
    .map((path) => relative(projectDir, path).split(sep).join("/"))
    .sort();
  return {
    definitions: files.filter((file) => !isPrisma(file) && !isPython(file)),
    prisma: files.filter(isPrisma),
    python: files.filter((file) => isPython(file) && file.startsWith("functions/")),
    config,
  };
}

/** Every folder below a definition folder, itself included: what has to be watched. Absolute. */
export function definitionDirectories(projectDir: string): string[] {
  return definitionFolders.flatMap((folder) => walk(join(projectDir, folder)).directories);
}

function walk(directory: string): { files: string[]; directories: string[] } {
  const found = { files: [] as string[], directories: [] as string[] };
  let entries: Dirent[];
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch {
    // Removed since it was listed, or not a folder.
    return found;
  }
  found.directories.push(directory);
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (
      entry.isDirectory() &&
      entry.name !== "node_modules" &&
      entry.name !== "__pycache__" &&
      !entry.name.startsWith(".")
    ) {
      const below = walk(path);
      found.files.push(...below.files);
      found.directories.push(...below.directories);
    } else if (entry.isFile() && isDefinition(entry.name)) {
      found.files.push(path);
    }
  }
  return found;
}
