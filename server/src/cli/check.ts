// `moose check`: loads the project and says what it defines.
import { resolve } from "node:path";
import { loadProject } from "../project/load-project.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Command } from "./parse-command.ts";

/** Throws MooseError at the first mistake. */
export async function check({ dir }: Command): Promise<ExitCode> {
  const { manifest } = await loadProject(resolve(dir));
  for (const { name, version, fields } of manifest.models) {
    process.stdout.write(`model        ${name} ${version}: ${fields.map((field) => field.name).join(", ")}\n`);
  }
  for (const { name, from, dimensions, measures } of manifest.aggregations) {
    const parts = [...dimensions, ...measures].map((part) => part.name).join(", ");
    process.stdout.write(`aggregation  ${name} of ${from.model}: ${parts}\n`);
  }
  const { models, aggregations } = manifest;
  process.stdout.write(`No mistakes: ${models.length} models, ${aggregations.length} aggregations.\n`);
  return exitCodes.ok;
}
