// Puts the core's module beside the built JavaScript, which asks for it there.
import { copyFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const core = fileURLToPath(import.meta.resolve("@moose/core/core.wasm"));
await copyFile(core, new URL("../dist/core.wasm", import.meta.url));
