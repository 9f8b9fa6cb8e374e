// What `moose dev` prints when it is ready: what to open, and what it serves.
import { relative } from "node:path";
import type { App } from "../app/app.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Paint } from "./terminal.ts";

export interface BannerFacts {
  readonly urls: App["urls"];
  readonly manifest: Manifest;
  readonly dataDir: string;
  readonly tookMs: number;
}

export function banner({ urls, manifest, dataDir, tookMs }: BannerFacts, paint: Paint): string {
  const row = (name: string, value: string): string => `  ${paint.dim(name.padEnd(11))}${value}`;
  const fromHere = relative(process.cwd(), dataDir);
  return [
    "",
    ...(urls.dashboard === undefined ? [] : [row("Dashboard", paint.bold(paint.cyan(urls.dashboard)))]),
    row("API", paint.cyan(`${urls.api}/openapi.json`)),
    row("ClickHouse", paint.cyan(urls.clickhouse)),
    row("Data", fromHere.startsWith("..") || fromHere === "" ? dataDir : fromHere),
    row(
      "Serves",
      `${counted(manifest.models.length, "model")}, ${counted(manifest.aggregations.length, "aggregation")}`,
    ),
    "",
    paint.dim(`  Ready in ${(tookMs / 1000).toFixed(1)} s, watching for changes. Ctrl-C ends.`),
    "",
  ].join("\n");
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
