// A TypeScript module, bundled from the sources as one ES module for a page.
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** `entry` is a file of this folder. */
export async function bundleForPage(entry: string): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@moose/source", "module", "browser", "production"] },
    build: {
      write: false,
      target: "es2022",
      lib: { entry: fileURLToPath(new URL(entry, import.meta.url)), formats: ["es"] },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const files = [output].flat().flatMap((one) => ("output" in one ? one.output : []));
  const chunk = files.find((file) => file.type === "chunk");
  if (files.length !== 1 || chunk?.type !== "chunk") throw new Error(`vite built ${files.length} files, not one.`);
  return chunk.code;
}
