// What the figures were measured on.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";

const require = createRequire(import.meta.url);

export function describeMachine() {
  const version = (name) => {
    const main = require.resolve(name);
    const root = main.slice(0, main.lastIndexOf(`/node_modules/${name}/`) + `/node_modules/${name}/`.length);
    return JSON.parse(readFileSync(`${root}package.json`, "utf8")).version;
  };
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    loadAverage: loadavg()[0],
    node: process.version,
    fastify: version("fastify"),
    ajv: version("ajv"),
    lmdb: version("lmdb"),
  };
}
