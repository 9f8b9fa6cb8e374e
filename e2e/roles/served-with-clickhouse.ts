// For tests of `moose serve`: the bundled command once for the file, and for each test a project of its own and a ClickHouse that can be stopped.
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { bundleCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { ServedProject } from "./served-project.ts";
import { StoppableClickHouse } from "./stoppable-clickhouse.ts";

export interface ServedWithClickHouse {
  /** Of the test that runs now. */
  readonly project: ServedProject;
  readonly clickhouse: StoppableClickHouse;
}

/** To be called once in a file, outside of its tests; hooks of its own come after these. */
export function servedWithClickHouse(): ServedWithClickHouse {
  let cli: NodeBundle;
  let project: ServedProject;
  let clickhouse: StoppableClickHouse;
  beforeAll(async () => {
    cli = await bundleCli();
  });
  afterAll(() => cli?.remove());
  beforeEach(async () => {
    clickhouse = await StoppableClickHouse.start();
    project = new ServedProject(cli);
  });
  afterEach(async () => {
    await project.close();
    await clickhouse.close();
  });
  return {
    get project() {
      return project;
    },
    get clickhouse() {
      return clickhouse;
    },
  };
}
