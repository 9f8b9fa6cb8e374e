// Runs `moose audit` as a user does: as a process of its own.
import { spawn } from "node:child_process";

const LIMIT_MS = 120_000;

export async function runAudit(cli: string, api: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [cli, "audit", "--url", api, "--no-color"], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LIMIT_MS,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, output };
}
