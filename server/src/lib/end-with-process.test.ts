// Programs that a test process has started end with it, also when it is killed.
import { once } from "node:events";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { bundleForNode, startNode } from "./test-node-process.ts";

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it.each(["SIGKILL", "SIGTERM"] as const)("a guarded program and its folder are gone after a %s", async (signal) => {
  const folder = mkdtempSync(join(tmpdir(), "moose-guarded-"));
  writeFileSync(join(folder, "data"), "");
  const bundle = await bundleForNode({ guarding: fileURLToPath(new URL("test-guarding-process.ts", import.meta.url)) });
  try {
    const guarding = startNode(bundle.path("guarding"), [folder]);
    const [pid] = (await once(guarding, "message")) as [number];
    expect(runs(pid)).toBe(true);
    guarding.kill(signal);
    await once(guarding, "exit");
    await expect.poll(() => runs(pid) || existsSync(folder), { timeout: 10_000 }).toBe(false);
  } finally {
    bundle.remove();
  }
});
