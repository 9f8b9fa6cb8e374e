// What the page of the Chromium run holds: a core, and the judge of a conformance file.
import { createCore } from "../host/create-core.ts";
import type { ConformanceFile } from "./test-conformance-files.ts";
import { judge } from "./test-judge.ts";

const core = createCore();

(globalThis as unknown as { judgeFile: unknown }).judgeFile = async (text: string) => {
  const { model, cases } = JSON.parse(text) as ConformanceFile;
  const loaded = await core;
  return cases.map((one) => judge(loaded, model, one));
};
