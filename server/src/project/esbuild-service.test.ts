// The service of esbuild, a process of its own, lives no longer than it is needed.
import { execFileSync } from "node:child_process";
import { build } from "esbuild";
import { describe, expect, it, vi } from "vitest";
import { withEsbuild } from "./esbuild-service.ts";

const source = { stdin: { contents: "export const one: number = 1", loader: "ts" as const }, write: false as const };

/** Services of this process, by the table of processes. */
function services(): number {
  const table = execFileSync("ps", ["-A", "-o", "ppid=,args="], { encoding: "utf8" }).split("\n");
  return table.filter((line) => line.trim().startsWith(`${process.pid} `) && line.includes("--service=")).length;
}

describe("withEsbuild", () => {
  it("ends the service process of esbuild when it is idle, and starts it again for the next bundle", async () => {
    const first = await withEsbuild(() => build(source), 0);
    expect(first.outputFiles[0]?.text).toContain("one = 1");
    await vi.waitFor(() => expect(services()).toBe(0), { timeout: 10_000 });
    const second = await withEsbuild(() => build(source), 60_000);
    expect(second.outputFiles[0]?.text).toContain("one = 1");
    expect(services()).toBe(1);
  });

  it("leaves the service running for a bundle that is still under way", async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => withEsbuild(() => build(source), 0)));
    expect(results.every(({ errors }) => errors.length === 0)).toBe(true);
  });
});
