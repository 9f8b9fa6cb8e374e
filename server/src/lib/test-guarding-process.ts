// A process of the suite of test-end-with-process.ts: starts a program and guards it, and tells its id.
import { spawn } from "node:child_process";
import { endWithThisProcess } from "./test-end-with-process.ts";

const program = spawn("sleep", ["600"], { stdio: "ignore" });
endWithThisProcess(program.pid!, process.argv[2]!);
process.send!(program.pid);
setInterval(() => undefined, 60_000);
