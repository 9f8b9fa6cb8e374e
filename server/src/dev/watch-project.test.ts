// Watching a real folder: what counts as a change, and that no change is lost.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ProjectWatcher, watchProject } from "./watch-project.ts";

let dir: string;
let watcher: ProjectWatcher;
let changes: string[];

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "moose-watch-")));
  mkdirSync(join(dir, "models"));
  changes = [];
  watcher = watchProject({
    projectDir: dir,
    onChange: async (path) => void changes.push(path.slice(dir.length + 1)),
    onProblem: (error) => {
      throw error;
    },
  });
});
afterEach(async () => {
  await watcher.close();
  rmSync(dir, { recursive: true, force: true });
});

const write = (path: string): void => writeFileSync(join(dir, path), String(Math.random()));

async function seen(path: string): Promise<void> {
  await vi.waitFor(() => expect(changes).toContain(path), { timeout: 10_000, interval: 10 });
  changes.length = 0;
}

test("changed and new files, folders made later, and the configuration are seen", async () => {
  write("models/flight.ts");
  await seen("models/flight.ts");
  mkdirSync(join(dir, "models", "more"));
  await seen("models/more");
  write("models/more/ping.ts");
  await seen("models/more/ping.ts");
  mkdirSync(join(dir, "aggregations"));
  await seen("aggregations");
  write("aggregations/by.ts");
  await seen("aggregations/by.ts");
  write("moose.config.ts");
  await seen("moose.config.ts");
});

test("a folder that is removed and made again is watched again", async () => {
  rmSync(join(dir, "models"), { recursive: true });
  await seen("models");
  mkdirSync(join(dir, "models"));
  await seen("models");
  write("models/flight.ts");
  await seen("models/flight.ts");
});

test("files elsewhere count only when the project imports them", async () => {
  mkdirSync(join(dir, "shared"));
  write("shared/airports.ts");
  write("notes.md");
  watcher.follow([join(dir, "shared", "airports.ts")]);
  write("shared/other.ts");
  write("shared/airports.ts");
  await vi.waitFor(() => expect(changes.length).toBeGreaterThan(0), { timeout: 10_000, interval: 10 });
  expect(new Set(changes)).toEqual(new Set(["shared/airports.ts"]));
});

test("calls never overlap, and what changes during one is looked at after it", async () => {
  await watcher.close();
  let calls = 0;
  let underWay = 0;
  let letGo = (): void => {};
  watcher = watchProject({
    projectDir: dir,
    onChange: async () => {
      expect(++underWay).toBe(1);
      if (++calls === 1) await new Promise<void>((resolve) => (letGo = resolve));
      underWay--;
    },
    onProblem: () => {},
  });
  watcher.look();
  await vi.waitFor(() => expect(underWay).toBe(1), { timeout: 10_000, interval: 5 });
  watcher.look();
  write("models/a.ts");
  letGo();
  await vi.waitFor(() => expect(calls).toBeGreaterThan(1), { timeout: 10_000, interval: 5 });
  expect(underWay).toBe(0);
});
