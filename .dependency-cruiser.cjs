// The layers of ARCHITECTURE.md as rules: imports run one way, siblings never import each other, no cycles (type imports included).

/** server/src from the top down: a line may import the lines below it. */
const layers = [
  "cli",
  "dev",
  "app",
  "project",
  "http",
  ["ingest", "deliver", "functions", "query", "live", "migrate", "quarantine", "audit"],
  "adapters",
  "ports",
  "model",
  ["telemetry", "lib"],
];

const names = (layer) => (Array.isArray(layer) ? layer : [layer]);

const upwards = layers.flatMap((layer, at) =>
  layers.slice(0, at).length === 0
    ? []
    : [
        {
          name: `server-${names(layer).join("-")}-imports-upwards`,
          severity: "error",
          comment: "A layer of the server imports only what lies below it.",
          from: { path: `^server/src/(${names(layer).join("|")})/` },
          to: { path: `^server/src/(${layers.slice(0, at).flatMap(names).join("|")})/` },
        },
      ],
);

const siblings = layers.filter(Array.isArray).map((layer) => ({
  name: `server-siblings-${layer.join("-")}`,
  severity: "error",
  comment: "Capabilities reach each other through ports.",
  from: { path: `^server/src/(${layer.join("|")})/` },
  to: { path: `^server/src/(${layer.join("|")})/`, pathNot: "^server/src/$1/" },
}));

/** A test may compose what its source may not. */
const test = "\\.(test|contract)\\.ts$|/test-[^/]*\\.ts$";

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-unresolved",
      severity: "error",
      from: { pathNot: test },
      to: { couldNotResolve: true, pathNot: "\\.generated\\.ts$|/generated/" },
    },
    {
      name: "roots-import-nothing-of-ours",
      severity: "error",
      comment: "core-wasm and openapi stand at the bottom.",
      from: { path: "^(core-wasm|openapi)/src", pathNot: test },
      to: { path: "^(server|sdks|viz-components|examples|bench|e2e)/" },
    },
    {
      name: "core-and-openapi-apart",
      severity: "error",
      from: { path: "^(core-wasm|openapi)/src", pathNot: test },
      to: { path: "^(core-wasm|openapi)/src", pathNot: "^$1/src" },
    },
    {
      name: "sdks-build-on-core-and-openapi",
      severity: "error",
      from: { path: "^sdks/([^/]+)/src", pathNot: test },
      to: { path: "^(server|viz-components|examples|bench|e2e|sdks)/", pathNot: "^sdks/$1/" },
    },
    {
      name: "viz-builds-on-consumption",
      severity: "error",
      from: { path: "^viz-components/src", pathNot: test },
      to: { path: "^(server|examples|bench|e2e|sdks/ingest[^/]*)/" },
    },
    {
      name: "server-builds-on-core-and-openapi",
      severity: "error",
      from: { path: "^server/src", pathNot: test },
      to: { path: "^(sdks|viz-components|examples|bench|e2e)/" },
    },
    {
      name: "uws-stays-in-http-uws",
      severity: "error",
      from: { path: "^server/src", pathNot: "^server/src/http/uws/" },
      to: { path: "uWebSockets\\.js|uwebsockets" },
    },
    {
      name: "lmdb-stays-in-its-adapter",
      severity: "error",
      from: { path: "^server/src", pathNot: `^server/src/adapters/lmdb[^/]*/|${test}` },
      to: { path: "node_modules/lmdb/" },
    },
    {
      name: "chdb-stays-in-its-adapter",
      severity: "error",
      from: { path: "^server/src", pathNot: `^server/src/adapters/chdb/|${test}` },
      to: { path: "node_modules/chdb/" },
    },
    {
      name: "clickhouse-client-stays-in-its-adapter",
      severity: "error",
      from: { path: "^server/src", pathNot: `^server/src/adapters/clickhouse/|${test}` },
      to: { path: "node_modules/@clickhouse/" },
    },
    {
      name: "prisma-parser-stays-in-its-adapter",
      severity: "error",
      from: { path: "^server/src", pathNot: "^server/src/project/prisma/parse-schema\\.ts$" },
      to: { path: "node_modules/@mrleebo/prisma-ast/" },
    },
    ...upwards.map((rule) => ({ ...rule, from: { ...rule.from, pathNot: test } })),
    ...siblings.map((rule) => ({ ...rule, from: { ...rule.from, pathNot: test } })),
    {
      name: "adapters-apart",
      severity: "error",
      comment: "One technology a folder; adapters do not import each other.",
      from: { path: "^server/src/adapters/([^/]+)/", pathNot: test },
      to: { path: "^server/src/adapters/([^/]+)/", pathNot: "^server/src/adapters/$1/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // Built files; the sources are what is checked.
    exclude: { path: "^sdks/[^/]+/dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@moose/source", "import", "node", "default"],
      extensions: [".ts", ".js", ".mjs"],
    },
  },
};
