// `moose generate sdk`: writes the SDK of a project or of a running server.
import { join, resolve } from "node:path";
import { pythonSdk } from "../project/sdk/python-sdk.ts";
import { readProject, readServer } from "../project/sdk/sdk-source.ts";
import { typeScriptSdk } from "../project/sdk/typescript-sdk.ts";
import { writeFiles } from "../project/sdk/write-files.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { generateHelp } from "./generate-help.ts";
import { parseGenerate } from "./parse-generate.ts";

/** Throws UsageError, and MooseError when the project has a mistake or the server does not answer. */
export async function generate(args: readonly string[]): Promise<ExitCode> {
  const command = parseGenerate(args);
  if (command === "help") {
    process.stdout.write(generateHelp);
    return exitCodes.ok;
  }
  const { from, language, json } = command;
  const source = "url" in from ? await readServer(from.url) : await readProject(resolve(from.dir));
  const files = language === "python" ? pythonSdk(source) : await typeScriptSdk(source);
  const out = resolve(command.out);
  const written = writeFiles(out, files);
  if (json) process.stdout.write(`${JSON.stringify({ out, written })}\n`);
  else {
    for (const name of written) process.stdout.write(`wrote        ${join(command.out, name)}\n`);
    const { models, aggregations } = source;
    process.stdout.write(
      `${files.length} files of ${models.length} models and ${aggregations.length} aggregations, ${written.length} changed.\n`,
    );
  }
  return exitCodes.ok;
}
