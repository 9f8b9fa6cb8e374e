// Puts the module beside the built JavaScript, for hosts that load it themselves.
import { copyFile } from "node:fs/promises";

await copyFile(new URL("../build/core.wasm", import.meta.url), new URL("../dist/core.wasm", import.meta.url));
