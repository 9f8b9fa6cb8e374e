// Ends esbuild's service process, about 20 MB, when it has not been needed for a while: a project's bundles are rare.
import { stop } from "esbuild";

/** A start costs about 50 ms, so saves that follow each other find the service running. */
const IDLE_MS = 15_000;

// The service is one for the whole process, so its use is counted for the whole process, too.
let underWay = 0;
let idle: NodeJS.Timeout | undefined;

/** Runs `bundle`, which calls esbuild; passes its result and its error on. The service starts by itself when it is called. */
export async function withEsbuild<Result>(bundle: () => Promise<Result>, idleMs = IDLE_MS): Promise<Result> {
  clearTimeout(idle);
  underWay++;
  try {
    return await bundle();
  } finally {
    underWay--;
    if (underWay === 0) idle = setTimeout(stop, idleMs).unref();
  }
}
