// Serves the bundle as it is shipped, and pages around it, to a real Chromium: what the element tests run in.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { build } from "vite";
import { launchChromium } from "./test-chromium.ts";

export interface ElementPages {
  /** Opens a page with this body; the elements are defined when it returns. `problems` fills with errors of its console. */
  open(body: string, options?: BrowserContextOptions): Promise<{ page: Page; problems: string[] }>;
  close(): Promise<void>;
}

export async function startElementPages(): Promise<ElementPages> {
  const [bundle, browser] = await Promise.all([buildBundle(), launchChromium()]);
  const bodies = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const body = bodies.get(path);
    if (path === "/moose-viz.js") response.setHeader("content-type", "text/javascript").end(bundle);
    else if (body !== undefined) response.setHeader("content-type", "text/html; charset=utf-8").end(pageAround(body));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    async open(body, options) {
      const path = `/${bodies.size}.html`;
      bodies.set(path, body);
      const context = await browser.newContext({ viewport: { width: 900, height: 700 }, locale: "en-US", ...options });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      page.on("pageerror", (error) => problems.push(error.message));
      await page.goto(origin + path);
      await page.waitForFunction(() => customElements.get("moose-stat") !== undefined);
      return { page, problems };
    },
    close: () => closeAll(browser, server),
  };
}

async function closeAll(browser: Browser, server: Server): Promise<void> {
  await browser.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function buildBundle(): Promise<string> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const output = await build({ root, configFile: `${root}vite.config.ts`, logLevel: "error", build: { write: false } });
  const files = [output].flat().flatMap((one) => ("output" in one ? one.output : []));
  const chunk = files.find((file) => file.type === "chunk" && file.fileName === "moose-viz.js");
  if (chunk?.type !== "chunk") throw new Error("vite built no moose-viz.js.");
  return chunk.code;
}

function pageAround(body: string): string {
  return `<!doctype html><html lang="en"><head><title>Elements</title><link rel="icon" href="data:,">
<style>:root{color-scheme:light dark;background:Canvas} body{margin:16px} .grid{display:grid;gap:16px}</style>
<script type="module" src="/moose-viz.js"></script></head><body><main>${body}</main></body></html>`;
}
