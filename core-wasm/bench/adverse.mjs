// Speed of the built core on events that are hard on a validator, each against JSON.parse with Ajv in one interleaved run: MB/s and ratios.
// Run after `build`: node core-wasm/bench/adverse.mjs [rounds]
import { createRequire } from "node:module";
import { createCore, jsonSchema, modelSpec } from "../dist/index.js";
import { kinds } from "./adverse-events.mjs";

const require = createRequire(new URL("../../bench/package.json", import.meta.url));
const { Ajv2020 } = await import(require.resolve("ajv/dist/2020.js"));
const { default: addFormats } = await import(require.resolve("ajv-formats"));

const rounds = Number(process.argv[2] ?? 12);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const core = await createCore();

function contendersOf({ model, rows, format = "ndjson", single = false, accepted }) {
  const spec = modelSpec(model);
  const loaded = core.load(spec);
  const ajv = new Ajv2020({ strict: false, logger: false });
  // The quicker of its two modes.
  addFormats.default(ajv, { mode: "fast" });
  const check = ajv.compile(jsonSchema(spec));
  const input = encoder.encode(format === "json" ? `[${rows.join(",\n")}]` : `${rows.join("\n")}\n`);
  const each = rows.map((row) => encoder.encode(row));
  const lines = encoder.encode(rows.join("\n"));
  const blocks = loaded.encoder();
  const count = (values) => values.reduce((sum, value) => sum + (check(value) ? 1 : 0), 0);
  return {
    bytes: input.length,
    runs: {
      validate: single
        ? () => each.reduce((sum, row) => sum + loaded.validate(row, { format: "json" }).accepted, 0)
        : () => loaded.validate(input, { format }).accepted,
      encode: () => {
        if (accepted === 0) return 0;
        const fed = blocks.feed(lines, { partition: 0, baseOffset: 0, receivedAtMs: 0 });
        blocks.finish();
        return fed;
      },
      peer: single
        ? () => count(each.map((row) => JSON.parse(decoder.decode(row))))
        : format === "json"
          ? () => count(JSON.parse(decoder.decode(input)))
          : () =>
              count(
                decoder
                  .decode(input)
                  .trimEnd()
                  .split("\n")
                  .map((line) => JSON.parse(line)),
              ),
    },
  };
}

console.log("kind                 bytes   validate    encode   JSON.parse + Ajv     ratio: validate  encode");
for (const kind of kinds) {
  const { bytes, runs } = contendersOf(kind);
  const best = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const begin = performance.now();
      const accepted = run();
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, performance.now() - begin);
      if (accepted !== kind.accepted)
        throw new Error(`${kind.name}: ${name} accepted ${accepted} of ${kind.rows.length}`);
    }
  }
  const speed = (name) => `${(bytes / best[name] / 1e3).toFixed(0).padStart(5)} MB/s`;
  const ratio = (name) => `${(best.peer / best[name]).toFixed(1).padStart(5)} x`;
  const writes = kind.accepted > 0 && kind.single !== true;
  console.log(
    `${kind.name.padEnd(20)} ${String(Math.round(bytes / kind.rows.length)).padStart(5)} ${speed("validate")} ${writes ? speed("encode") : "         -"} ${speed("peer").padStart(18)} ${ratio("validate").padStart(20)} ${writes ? ratio("encode") : "      -"}`,
  );
}
