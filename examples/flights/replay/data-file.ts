// Where the data sets of `vega-datasets` lie: the package exports its code, the files are beside it.
import { createRequire } from "node:module";
import { join } from "node:path";

export function dataFile(name: string): string {
  const main = createRequire(import.meta.url).resolve("vega-datasets");
  const root = main.slice(0, main.lastIndexOf("vega-datasets") + "vega-datasets".length);
  return join(root, "data", name);
}
