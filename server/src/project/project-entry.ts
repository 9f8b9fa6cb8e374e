// The module that is bundled with a project's files: it imports them all and exports what they define, as plain values.
import type { AggregationSpec, ModelSpec } from "@moose/core";
import type { FunctionSpec } from "../model/function-spec.ts";
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

export interface FunctionDefinition extends Defined {
  readonly kind: "function";
  readonly spec: FunctionSpec;
}

export type Definition = ModelDefinition | AggregationDefinition | FunctionDefinition;

/** What functions are made of and run by; see bundle-project.ts. */
export const FUNCTION_MODULE = "moose:functions";

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
    const found = isModel(value)
      ? { kind: "model", spec: modelSpec(value) }
      : isAggregation(value)
        ? { kind: "aggregation", spec: aggregationSpec(value) }
        : isStreamFunction(value)
          ? { kind: "function", spec: functionSpec(value, exportName === "default" ? stemOf(file) : exportName) }
          : undefined;
    if (found === undefined || seen.has(value)) continue;
    seen.add(value);
    definitions.push({ ...found, file, exportName });
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
  // A project without functions does not load what they are made of.
  const functions = files.definitions.some((file) => file.startsWith("functions/"))
    ? `import { functionSpec, isStreamFunction } from ${JSON.stringify(FUNCTION_MODULE)};`
    : "const isStreamFunction = () => false; const functionSpec = undefined;";
  return [
    functions,
    `const stemOf = (file) => file.slice(file.lastIndexOf("/") + 1).replace(/\\.\\w+$/, "");`,
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
