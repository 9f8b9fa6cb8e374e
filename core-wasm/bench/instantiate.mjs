// Time from createCore() to a first verdict, in fresh processes of Node and of Chromium; and the speed of code that is not optimized yet.
// Run after `build`: node core-wasm/bench/instantiate.mjs [processes]. The Python host's start is in python.mjs.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build } from "vite";

const processes = Number(process.argv[2] ?? 15);
const entry = fileURLToPath(new URL("./instantiate-run.mjs", import.meta.url));
const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

const inNode = (...flags) => JSON.parse(execFileSync(process.execPath, [...flags, entry], { encoding: "utf8" }));

/** The package and the run in one script, as a page's bundle would hold them. */
async function bundle() {
  const output = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      lib: { entry, formats: ["es"] },
      rollupOptions: { output: { codeSplitting: false } },
    },
  });
  return [output].flat()[0].output[0].code;
}

/** Its own browser, because pages of one share compiled code. */
async function inChromium(code) {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"], timeout: 30_000 });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ type: "module", content: code });
    await page.waitForFunction(() => "measured" in globalThis);
    return await page.evaluate(() => globalThis.measured);
  } finally {
    await browser.close();
  }
}

function show(name, runs) {
  const column = (key) => {
    const given = runs.map((run) => run[key]).toSorted((a, b) => a - b);
    // A page is not told its CPU time: null in its JSON.
    if (!Number.isFinite(given[0])) return "-".padStart(16);
    return `${given[given.length >> 1].toFixed(2)} (${given[0].toFixed(2)})`.padStart(16);
  };
  console.log(
    `${name.padEnd(22)}${["createMs", "createCpuMs", "loadMs", "firstMs", "nsPerEvent"].map(column).join("")}`,
  );
}

console.log(`${processes} fresh processes each: median (best)`);
console.log(
  "                          createCore, ms   its CPU, ms        load, ms first verdict, ms   then, ns/event",
);
const times = async (run) => {
  const runs = [];
  for (let i = 0; i < processes; i++) runs.push(await run());
  return runs;
};
show(`Node ${process.versions.node}`, await times(() => inNode()));
show("Node, Liftoff only", await times(() => inNode("--liftoff", "--no-wasm-tier-up", "--no-wasm-dynamic-tiering")));
if (existsSync(executablePath)) {
  const code = await bundle();
  show("Chromium", await times(() => inChromium(code)));
} else console.log(`Chromium: skipped, there is none at ${executablePath}: set CHROMIUM_PATH`);
