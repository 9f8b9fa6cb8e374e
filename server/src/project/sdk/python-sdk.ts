// Writes the Python SDK of a project: a TypedDict and a compiled model for each data model, and the models as JSON.
import type { SdkFile, SdkModel, SdkSource } from "./sdk-source.ts";
import { typedDicts } from "./typed-dicts.ts";

const head = (
  names: readonly string[],
  imports: readonly string[],
): string => `"""Written by \`moose generate sdk\`: do not edit."""

${imports.map((name) => `import ${name}`).join("\n")}
from typing import Any, Dict, List, Literal, Optional, Tuple, TypedDict, Union

from moose_ingest import Model

__all__ = [
${names.map((name) => `    ${JSON.stringify(name)},\n`).join("")}]
`;

/** Python 3.9 and later. The same source gives the same text. */
export function pythonSdk({ models }: SdkSource): SdkFile[] {
  const constants = constantNames(models);
  const parts = models.map(({ spec, program }) => {
    const constant = constants.get(spec.name)!;
    return [
      ...typedDicts(spec),
      `${constant}: Model[${spec.name}] = Model(${JSON.stringify(spec.name)}, ${JSON.stringify(spec.version)}, ${JSON.stringify(program)})\n`,
    ].join("\n\n\n");
  });
  const body = parts.join("\n\n");
  const imports = ["datetime", "decimal", "ipaddress", "uuid"].filter((name) => body.includes(`${name}.`));
  const names = [...models.map(({ spec }) => spec.name), ...constants.values()].sort();
  const list = models.map(({ spec: { name, version }, schemaId, program }) => ({ name, version, schemaId, program }));
  return [
    { name: "moose_models.py", text: `${head(names, imports)}\n\n${body}` },
    { name: "moose-models.json", text: `${JSON.stringify({ models: list }, null, 2)}\n` },
  ];
}

/** `FlightLeg` is FLIGHT_LEG; a second one of that name is FLIGHT_LEG_2. */
function constantNames(models: readonly SdkModel[]): ReadonlyMap<string, string> {
  const taken = new Set(models.map(({ spec }) => spec.name));
  const names = new Map<string, string>();
  for (const { spec } of models) {
    const wanted = spec.name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`;
    taken.add(name);
    names.set(spec.name, name);
  }
  return names;
}
