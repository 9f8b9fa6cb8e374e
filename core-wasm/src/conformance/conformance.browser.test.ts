// The conformance files in a real Chromium: the same verdicts, texts and bytes as anywhere.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConformanceFile } from "./test-conformance-files.ts";

const committed = fileURLToPath(new URL("../../conformance/", import.meta.url));
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];
  const [bundle, launched] = await Promise.all([
    bundleOf("test-browser-host.ts"),
    chromium.launch({ executablePath, args: flags, timeout: 30_000 }),
  ]);
  browser = launched;
  page = await browser.newPage();
  await page.addScriptTag({ type: "module", content: bundle });
  await page.waitForFunction(() => "judgeFile" in globalThis);
});
afterAll(() => browser?.close());

async function bundleOf(entry: string): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@moose/source"] },
    build: {
      write: false,
      lib: { entry: fileURLToPath(new URL(entry, import.meta.url)), formats: ["es"] },
      rollupOptions: { output: { codeSplitting: false } },
    },
  });
  const files = [output].flat().flatMap((one) => ("output" in one ? one.output : []));
  const chunk = files.find((file) => file.type === "chunk");
  if (files.length !== 1 || chunk?.type !== "chunk") throw new Error(`vite built ${files.length} files, not one.`);
  return chunk.code;
}

describe("Chromium gives what the committed files expect", () => {
  for (const name of readdirSync(committed)) {
    test(name, async () => {
      const text = readFileSync(`${committed}${name}`, "utf8");
      const file = JSON.parse(text) as ConformanceFile;
      const judged = await page.evaluate(
        (given) => (globalThis as unknown as { judgeFile(text: string): Promise<unknown> }).judgeFile(given),
        text,
      );
      expect(judged).toEqual(
        file.cases.map(({ expected, native }) => ({
          schemaId: file.schemaId,
          program: file.program,
          ...expected,
          ...(native === undefined ? {} : { native }),
        })),
      );
    });
  }
});
