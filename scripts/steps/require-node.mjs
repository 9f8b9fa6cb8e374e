// Import it first: ends a script with a sentence when this Node is too old for what the script does next.
import { nodeTooOld } from "./node-version.mjs";

var refusal = nodeTooOld(process.versions.node);
if (refusal !== undefined) {
  console.error(refusal);
  process.exit(1);
}
