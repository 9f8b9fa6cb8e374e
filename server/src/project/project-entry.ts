// The module that is bundled with a project's files: it imports them all and exports what they define, as plain values.
import type { AggregationSpec, ModelSpec } from "@moose/core";
import type { ProjectFiles } from "./find-files.ts";
import type { SourcePlace } from "./project-error.ts";

interface Defined {
  readonly file: string;
  readonly exportName: string;
  /** Where the name stands; of TypeScript files it is looked for when it is needed. */
  readonly place?: SourcePlace;
}

export interface ModelDefinition extends Defined {
  readonly kind: "model";
  readonly spec: ModelSpec;
}

export interface AggregationDefinition extends Defined {
  readonly kind: "aggregation";
  readonly spec: AggregationSpec;
}

export type Definition = ModelDefinition | AggregationDefinition;

/** The exports of the bundled entry. */
export interface ProjectExports {
  readonly definitions: readonly Definition[];
  /** Default export of the config file, not yet checked. */
  readonly config: unknown;
}

// One value may be exported from several files (an index that re-exports): the first file in order of names counts.
const collect = `
const definitions = [];
const seen = new Set();
for (const [file, exports] of modules) {
  for (const [exportName, value] of Object.entries(exports)) {
    const kind = isModel(value) ? "model" : isAggregation(value) ? "aggregation" : undefined;
    if (kind === undefined || seen.has(value)) continue;
    seen.add(value);
    definitions.push({ kind, file, exportName, spec: kind === "model" ? modelSpec(value) : aggregationSpec(value) });
  }
}
export { definitions };
`;

export function projectEntry(files: ProjectFiles): string {
  const modules = files.definitions.map((file, index) => ({
    file: JSON.stringify(file),
    name: `module${index}`,
    from: JSON.stringify(`./${file}`),
  }));
  return [
    `import { aggregationSpec, isAggregation, isModel, modelSpec } from "@moose/core";`,
    ...modules.map(({ name, from }) => `import * as ${name} from ${from};`),
    files.config === undefined
      ? "const configModule = {};"
      : `import * as configModule from ${JSON.stringify(`./${files.config}`)};`,
    `const modules = [${modules.map(({ file, name }) => `[${file}, ${name}]`).join(", ")}];`,
    collect,
    `export const config = "default" in configModule ? configModule["default"] : undefined;`,
  ].join("\n");
}
