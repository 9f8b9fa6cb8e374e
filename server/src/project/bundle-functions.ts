// Bundles each stream function of a project for its process: the user's code with what runs it, and the module that watches over both.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import type { FunctionSpec, LoadedFunction } from "../model/function-spec.ts";
import { resolvePackages, serverModule } from "./bundle-project.ts";
import { withEsbuild } from "./esbuild-service.ts";
import { FUNCTION_MODULE, type FunctionDefinition } from "./project-entry.ts";

const options = {
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  target: "node20",
  logLevel: "silent",
} as const satisfies BuildOptions;

/** The same for every function and every project, so it is made once. */
let processCode: Promise<string> | undefined;

/** `specs` are the checked ones, in the order of the definitions. The project has been bundled before, so its mistakes are known. */
export async function bundleFunctions(
  projectDir: string,
  definitions: readonly FunctionDefinition[],
  specs: readonly FunctionSpec[],
): Promise<LoadedFunction[]> {
  if (definitions.length === 0) return [];
  processCode ??= bundleProcess();
  const shared = await processCode;
  return Promise.all(
    definitions.map(async ({ file, exportName }, index) => {
      const spec = specs[index]!;
      const threadCode = await bundleThread(projectDir, { file, exportName, name: spec.name });
      const directory = join(projectDir, ".moose", "build");
      return {
        spec,
        file,
        digest: createHash("sha256").update(threadCode).digest("hex"),
        program: { language: "typescript" as const, processCode: shared, threadCode, directory, projectDir },
      };
    }),
  );
}

async function bundleThread(
  projectDir: string,
  fn: { file: string; exportName: string; name: string },
): Promise<string> {
  const contents = [
    `import { serve } from ${JSON.stringify(FUNCTION_MODULE)};`,
    `import * as module from ${JSON.stringify(`./${fn.file}`)};`,
    `serve(module[${JSON.stringify(fn.exportName)}], ${JSON.stringify(fn.name)});`,
  ].join("\n");
  const result = await withEsbuild(() =>
    build({
      ...options,
      stdin: { contents, resolveDir: projectDir, sourcefile: "moose:function", loader: "js" },
      absWorkingDir: projectDir,
      outfile: join(projectDir, ".moose", "build", "function.mjs"),
      sourcemap: "inline",
      plugins: [resolvePackages()],
    }),
  );
  return result.outputFiles[0]!.text;
}

async function bundleProcess(): Promise<string> {
  const entry = serverModule("function-process.js", "../functions/runtime/process-entry.ts");
  const result = await withEsbuild(() => build({ ...options, entryPoints: [entry], outfile: "function-process.mjs" }));
  return result.outputFiles[0]!.text;
}
