// Bundles a project's TypeScript into one ES module with a source map; its packages stay outside.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildFailure, type BuildResult, build, type Message, type Plugin } from "esbuild";
import { withEsbuild } from "./esbuild-service.ts";
import type { ProjectFiles } from "./find-files.ts";
import { FUNCTION_MODULE, projectEntry } from "./project-entry.ts";
import { projectError } from "./project-error.ts";

export interface ProjectBundle {
  readonly code: string;
  /** Source map v3, as JSON text. Its sources are relative to `directory`. */
  readonly sourceMap: string;
  /** Folder that the code must be evaluated in, so that it finds the project's packages. */
  readonly directory: string;
  /** The user's files that took part, absolute: a change of any of them changes the project. */
  readonly inputs: readonly string[];
}

const own = createRequire(import.meta.url);
const ENTRY_NAME = "moose:project";

/** Throws `project_invalid` with the place of the first mistake. */
export async function bundleProject(projectDir: string, files: ProjectFiles): Promise<ProjectBundle> {
  const directory = join(projectDir, ".moose", "build");
  let result: BuildResult<{ write: false; metafile: true }>;
  try {
    result = await withEsbuild(() =>
      build({
        stdin: { contents: projectEntry(files), resolveDir: projectDir, sourcefile: ENTRY_NAME, loader: "js" },
        absWorkingDir: projectDir,
        outfile: join(directory, "project.mjs"),
        bundle: true,
        write: false,
        metafile: true,
        format: "esm",
        platform: "node",
        target: "node20",
        sourcemap: "external",
        logLevel: "silent",
        plugins: [resolvePackages()],
      }),
    );
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw describeFailure(projectDir, error.errors);
  }
  const output = (ending: string): string => result.outputFiles.find((file) => file.path.endsWith(ending))!.text;
  const ours = [dirname(languageEntry()), dirname(serverModule("index.js", "../index.ts"))];
  const inputs = Object.keys(result.metafile.inputs)
    .filter((path) => !path.includes(":") || isAbsolute(path))
    .map((path) => resolve(projectDir, path))
    .filter((path) => !ours.some((folder) => path.startsWith(folder + sep)));
  return { code: output("project.mjs"), sourceMap: output("project.mjs.map"), directory, inputs };
}

/** The model language that this server itself uses. Run from its sources (tests), it reads the sources of that, too. */
function languageEntry(): string {
  const directory = dirname(own.resolve("@moose/core/package.json"));
  const entries = ["dist/index.js", "src/index.ts"].map((entry) => join(directory, entry));
  const preferred = import.meta.url.endsWith(".ts") ? entries.reverse() : entries;
  return preferred.find((entry) => existsSync(entry)) ?? entries[0]!;
}

/** A module of this server, in a build (beside the chunk that this code ends up in, or one folder above) or in its sources. */
export function serverModule(built: string, source: string): string {
  const places = [`./${built}`, `../${built}`].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return places.find((place) => existsSync(place)) ?? fileURLToPath(new URL(source, import.meta.url));
}

/**
 * `@moose/core` is always this server's own copy, so that language and server agree; of `@moose/server` a project gets what its files
 * need, which does not load the server. What lies in node_modules is not bundled; what a workspace links is, since it may be TypeScript.
 */
export function resolvePackages(): Plugin {
  const resolving = Symbol("resolving");
  const language = languageEntry();
  return {
    name: "moose-packages",
    setup(build) {
      build.onResolve({ filter: /^@moose\/core$/ }, () => ({ path: language }));
      build.onResolve({ filter: /^@moose\/server$/ }, () => ({ path: serverModule("index.js", "../index.ts") }));
      build.onResolve({ filter: new RegExp(`^${FUNCTION_MODULE}$`) }, () => ({
        path: serverModule("function-thread.js", "../functions/runtime/thread-entry.ts"),
      }));
      build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
        if (pluginData === resolving || kind === "entry-point" || isAbsolute(path)) return undefined;
        const found = await build.resolve(path, { kind, resolveDir, pluginData: resolving });
        if (found.errors.length > 0) {
          return { errors: [{ text: `The package "${path}" cannot be found: install it in the project` }] };
        }
        return found.path.includes(`${sep}node_modules${sep}`) ? { path, external: true } : found;
      });
    },
  };
}

const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && Array.isArray((error as { errors?: unknown }).errors);

function describeFailure(projectDir: string, errors: readonly Message[]) {
  const { text, location, notes } = errors[0]!;
  const hint = notes.find((note) => /^Did you mean/.test(note.text))?.text;
  const others = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const message = `${text}${hint === undefined ? "" : `. ${hint}`}${others}`;
  const place =
    location === null || location.file.includes(ENTRY_NAME)
      ? undefined
      : {
          file: relative(projectDir, resolve(projectDir, location.file)).split(sep).join("/"),
          line: location.line,
          // esbuild counts columns from 0, in bytes of UTF-8.
          column: Buffer.from(location.lineText).subarray(0, location.column).toString("utf8").length + 1,
          length: location.length,
        };
  return projectError(projectDir, message, place);
}
