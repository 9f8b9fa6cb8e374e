// Faults on the embedded product, at random moments under load: nothing acknowledged is lost, nothing is stored twice.
import { campaignTest } from "./campaign-test.ts";
import { startEmbeddedSetup } from "./embedded-setup.ts";

campaignTest("embedded", (options) => startEmbeddedSetup(options));
