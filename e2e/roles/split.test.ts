// Roles in several processes on one embedded log.
import { splitSuite } from "./split-suite.ts";

splitSuite("the embedded log", async () => ({
  configuration: () => ({ stream: { partitions: 4, shared: true } }),
  close: async () => {},
}));
