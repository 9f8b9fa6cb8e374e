// Main-thread time of sends in Chromium: the calls themselves, and all that the page's thread does for an event in the end.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { chromium } from "playwright-core";

const EVENTS = 20_001;

export async function measurePage({ here, url }) {
  const script = readFileSync(join(here, "dist", "sdk-page.js"));
  const pages = createServer((request, response) => {
    const isScript = request.url.endsWith(".js");
    // Isolated pages have a clock of 5 µs, others of 100.
    const isolation = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
    response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html", ...isolation });
    response.end(isScript ? script : '<script type="module" src="/sdk-page.js"></script>');
  });
  await new Promise((resolve) => pages.listen(0, "127.0.0.1", resolve));
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"], timeout: 30_000 });
  try {
    const results = [];
    for (const kind of ["memory", "IndexedDB"]) {
      const page = await browser.newPage();
      const devTools = await page.context().newCDPSession(page);
      await devTools.send("Performance.enable");
      const taskSeconds = async () =>
        (await devTools.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
      await page.goto(`http://127.0.0.1:${pages.address().port}/`);
      await page.waitForFunction(() => "measureSends" in globalThis);
      const before = await taskSeconds();
      const micros = await page.evaluate(([to, queue]) => globalThis.measureSends(to, queue), [url, kind]);
      const wholeMicros = ((await taskSeconds()) - before) * 1e6;
      micros.sort((a, b) => a - b);
      const at = (share) => micros[Math.floor(micros.length * share)];
      results.push({ queue: kind, medianMicros: at(0.5), p95Micros: at(0.95), wholeMicros: wholeMicros / EVENTS });
      await page.close();
    }
    return results;
  } finally {
    await browser.close();
    pages.close();
  }
}
