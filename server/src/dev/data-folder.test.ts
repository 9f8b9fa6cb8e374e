// Taking, refusing and resetting a data folder, on a real disk.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDataFolder, resetDataFolder } from "./data-folder.ts";

let project: string;
let data: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "moose-data-"));
  data = join(project, ".moose");
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

test("a folder belongs to one process at a time, and to the next one afterwards", () => {
  const release = claimDataFolder(data);
  expect(() => claimDataFolder(data)).toThrowError(expect.objectContaining({ code: "data_folder_in_use" }));
  expect(() => resetDataFolder(project, data)).toThrowError(expect.objectContaining({ code: "data_folder_in_use" }));
  release();
  claimDataFolder(data)();
});

test("the lock of a process that is gone, or of an earlier one with the same number, holds nobody up", () => {
  claimDataFolder(data)();
  writeFileSync(join(data, "moose.lock"), JSON.stringify({ pid: process.pid, started: "1" }));
  if (process.platform === "linux") claimDataFolder(data)();
  writeFileSync(join(data, "moose.lock"), "{ half wri");
  claimDataFolder(data)();
});

test("reset removes the data, and keeps what the project's build left there", () => {
  mkdirSync(join(data, "build"), { recursive: true });
  claimDataFolder(data)();
  mkdirSync(join(data, "log"));
  resetDataFolder(project, data);
  expect(readdirSync(data)).toEqual(["build"]);
  resetDataFolder(project, join(project, "none"));
});

test("reset leaves alone what Moose did not make", () => {
  mkdirSync(data);
  writeFileSync(join(data, "thesis.txt"), "ten years of work");
  expect(() => resetDataFolder(project, data)).toThrowError(/does not look like a data folder/);
  claimDataFolder(data)();
  expect(() => resetDataFolder(project, data)).toThrowError(/does not look like a data folder/);
  writeFileSync(join(project, "moose-data.json"), "{}");
  expect(() => resetDataFolder(project, project)).toThrowError(/does not look like a data folder/);
  expect(existsSync(join(data, "thesis.txt"))).toBe(true);
});

test("a path that is no folder is refused with a sentence", () => {
  writeFileSync(data, "");
  expect(() => claimDataFolder(data)).toThrowError(/is a file: choose another one/);
  expect(() => claimDataFolder(join(data, "below"))).toThrowError(/cannot be written \(ENOTDIR\)/);
});
