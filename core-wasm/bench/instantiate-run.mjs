// One fresh start of the core, timed; for instantiate.mjs, which runs it in Node and in a page.
import { createCore, model, modelSpec, t } from "../dist/index.js";

const Event = model("Event", {
  id: t.uuid(),
  at: t.dateTime64(3),
  origin: t.string().lowCardinality(),
  delay: t.int16(),
  fare: t.float64(),
  cancelled: t.boolean(),
});
const event =
  '{"id":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","at":"2026-01-31T12:00:00.123Z","origin":"ORD","delay":-5,"fare":137.31,"cancelled":false}';
const ROWS = 2000;
const batch = new TextEncoder().encode(`${event}\n`.repeat(ROWS));

/** Of all threads. A page is not told. */
const cpuMs = () => {
  const { user, system } = globalThis.process?.cpuUsage() ?? { user: Number.NaN, system: Number.NaN };
  return (user + system) / 1e3;
};

const begunCpu = cpuMs();
const begun = performance.now();
const core = await createCore();
const created = performance.now();
const createCpuMs = cpuMs() - begunCpu;
const loaded = core.load(modelSpec(Event));
const ready = performance.now();
const { accepted } = loaded.validate(event, { format: "json" });
const judged = performance.now();
if (accepted !== 1) throw new Error("the event was refused");
// Long enough for the engine to optimize, where it does.
let best = Number.POSITIVE_INFINITY;
for (let round = 0; round < 60; round++) {
  const from = performance.now();
  if (loaded.validate(batch, { format: "ndjson" }).accepted !== ROWS) throw new Error("events were refused");
  best = Math.min(best, performance.now() - from);
}

const measured = {
  createMs: created - begun,
  createCpuMs,
  loadMs: ready - created,
  firstMs: judged - ready,
  nsPerEvent: (best / ROWS) * 1e6,
};
if ("document" in globalThis) globalThis.measured = measured;
else console.log(JSON.stringify(measured));
