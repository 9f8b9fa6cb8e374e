// Loads a user's project: its models, aggregations, stream functions and configuration, as plain and checked values.
import { join } from "node:path";
import type { ModelSpec } from "@moose/core";
import type { UserConfig } from "../model/config.ts";
import { MooseError } from "../model/errors.ts";
import type { Manifest } from "../model/manifest.ts";
import { bundleFunctions } from "./bundle-functions.ts";
import { bundleProject } from "./bundle-project.ts";
import { checkConfig } from "./check-config.ts";
import { checkFunctions } from "./check-functions.ts";
import { checkManifest } from "./check-manifest.ts";
import { evaluateBundle } from "./evaluate-bundle.ts";
import { findFiles, projectFolder } from "./find-files.ts";
import { languageNames } from "./language-names.ts";
import { locateError } from "./locate-error.ts";
import type { ModelDefinition } from "./project-entry.ts";
import type { PythonFunctions } from "./python/load-python.ts";

export interface LoadedProject {
  readonly manifest: Manifest;
  readonly config: UserConfig;
  /** The user's files that took part, absolute: a change of any of them changes the project. */
  readonly files: readonly string[];
}

export interface LoadOptions {
  /** How long the project's own code may run. */
  readonly timeoutMs?: number;
}

const EVALUATION_TIMEOUT_MS = 5_000;

/** Throws MooseError `project_invalid` or `config_invalid`; its `extra` holds the place, see ProjectErrorExtra. */
export async function loadProject(dir: string, options: LoadOptions = {}): Promise<LoadedProject> {
  const projectDir = projectFolder(dir);
  const { timeoutMs = EVALUATION_TIMEOUT_MS } = options;
  const files = findFiles(projectDir);
  const prismaModels = await readPrisma(projectDir, files.prisma);
  const bundle = await bundleProject(projectDir, files);
  const evaluation = await evaluateBundle(bundle, timeoutMs);
  switch (evaluation.outcome) {
    case "exports": {
      const { definitions, config } = evaluation.exports;
      const manifest = checkManifest(projectDir, [...prismaModels, ...definitions]);
      const functions = definitions.filter((definition) => definition.kind === "function");
      const python = await readPython(projectDir, files.python, manifest.models);
      const specs = checkFunctions(projectDir, [...functions, ...python.definitions], manifest.models);
      const loaded = [
        ...(await bundleFunctions(projectDir, functions, specs)),
        ...python.load(specs.slice(functions.length)),
      ];
      return {
        manifest: { ...manifest, functions: loaded },
        config: checkConfig(projectDir, config, files.config !== undefined),
        files: [...files.prisma.map((file) => join(projectDir, file)), ...bundle.inputs, ...python.files],
      };
    }
    case "thrown":
      throw locateError(evaluation.error, { projectDir, bundle, language: await languageNames() });
    case "timeout":
      throw new MooseError(
        "project_invalid",
        `The project's files did not finish loading within ${timeoutMs / 1000} s: a loop that does not end, or an await at the top of a file. They are ${files.definitions.join(", ")}`,
      );
    case "exited":
      throw new MooseError(
        "project_invalid",
        "The project's code ended the process while it was loading: remove the call of process.exit",
      );
  }
}

/** Asks Python only for a project that has functions in it. */
async function readPython(
  projectDir: string,
  files: readonly string[],
  models: readonly ModelSpec[],
): Promise<PythonFunctions> {
  if (files.length === 0) return { definitions: [], files: [], load: () => [] };
  const { loadPython } = await import("./python/load-python.ts");
  return loadPython(projectDir, files, models);
}

/** Loads the Prisma parser only for a project that has such a file. */
async function readPrisma(projectDir: string, files: readonly string[]): Promise<ModelDefinition[]> {
  if (files.length === 0) return [];
  const { loadPrisma } = await import("./prisma/load-prisma.ts");
  return loadPrisma(projectDir, files);
}
