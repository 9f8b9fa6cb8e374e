// Loads a project's functions in Python: generates the classes of its models, and has Python say what its files define.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ModelSpec } from "@moose/core";
import { MooseError } from "../../model/errors.ts";
import type { FunctionSpec, LoadedFunction } from "../../model/function-spec.ts";
import type { FunctionDefinition } from "../project-entry.ts";
import { projectError } from "../project-error.ts";
import { generateModels } from "./generate-models.ts";

export interface PythonFunctions {
  readonly definitions: readonly FunctionDefinition[];
  /** Files that they import, absolute: a change of any of them changes the functions. */
  readonly files: readonly string[];
  /** With the checked specs, in the order of the definitions. */
  load(specs: readonly FunctionSpec[]): LoadedFunction[];
}

type Described =
  | { readonly file: string; readonly functions: readonly FunctionSpec[] }
  | { readonly file: string; readonly message: string; readonly line: number | null }
  | { readonly loaded: readonly string[] };

const LIMIT_MS = 15_000;

/** Throws `project_invalid` at the line that is wrong, and when there is no Python. */
export async function loadPython(
  projectDir: string,
  files: readonly string[],
  models: readonly ModelSpec[],
): Promise<PythonFunctions> {
  const generated = join(projectDir, ".moose", "python");
  const modelsText = generateModels(models);
  writeIfChanged(generated, "moose_models.py", modelsText);
  const python = interpreter(projectDir);
  const pythonPath = [generated, runnerFolder()];
  const paths = files.map((file) => join(projectDir, file));
  const described = await describe(python, projectDir, pythonPath, paths);
  const definitions: FunctionDefinition[] = [];
  let loaded: readonly string[] = paths;
  for (const entry of described) {
    if ("loaded" in entry) {
      loaded = entry.loaded.filter((path) => !path.startsWith(generated));
      continue;
    }
    const file = files[paths.indexOf(entry.file)]!;
    if ("message" in entry)
      throw projectError(projectDir, entry.message, { file, ...(entry.line === null ? {} : { line: entry.line }) });
    for (const spec of entry.functions)
      definitions.push({ kind: "function", file, exportName: spec.name, spec, place: { file } });
  }
  const digest = createHash("sha256").update(modelsText);
  for (const path of loaded) digest.update(path).update(readFileSync(path));
  const shared = digest.digest("hex");
  return {
    definitions,
    files: loaded,
    load: (specs) =>
      definitions.map(({ file }, index) => ({
        spec: specs[index]!,
        file,
        digest: shared,
        program: { language: "python", python, path: join(projectDir, file), pythonPath, projectDir },
      })),
  };
}

/** Of the project's own environment if it has one. */
function interpreter(projectDir: string): string {
  const own = [".venv/bin/python", ".venv/Scripts/python.exe"].map((path) => join(projectDir, path));
  return process.env.MOOSE_PYTHON ?? own.find((path) => existsSync(path)) ?? "python3";
}

/** Sources are part of the package, so that Python finds them beside a build, too. */
function runnerFolder(): string {
  const places = ["../src/functions/python/src", "../../src/functions/python/src", "../../functions/python/src"];
  const found = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) => existsSync(path));
  if (found === undefined) throw new Error("the runner of Python functions is missing from this installation");
  return found;
}

async function describe(
  python: string,
  projectDir: string,
  pythonPath: readonly string[],
  paths: readonly string[],
): Promise<Described[]> {
  const env = { ...process.env, PYTHONPATH: [...pythonPath, process.env.PYTHONPATH ?? ""].join(delimiter) };
  try {
    const { stdout } = await promisify(execFile)(python, ["-m", "moose_functions", "describe", ...paths], {
      cwd: projectDir,
      env,
      timeout: LIMIT_MS,
      maxBuffer: 16 * 1024 * 1024,
    });
    // What the files print themselves is theirs.
    return stdout
      .split("\n")
      .filter((line) => /^\{"(file|loaded)": /.test(line))
      .map((line) => JSON.parse(line) as Described);
  } catch (error) {
    const reason = (error as { stderr?: string }).stderr?.trim().split("\n").at(-1) || (error as Error).message;
    throw new MooseError(
      "project_invalid",
      `The functions in Python could not be loaded with ${python}: ${reason}. They need Python 3.10 or later; MOOSE_PYTHON names another one.`,
      { cause: error },
    );
  }
}

function writeIfChanged(folder: string, name: string, content: string): void {
  const path = join(folder, name);
  if (existsSync(path) && readFileSync(path, "utf8") === content) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, content);
}
