// `npm start`: installs, builds and starts Moose with the flights example. Options after `--`; see `npm start -- --help`.
import { nodeTooOld } from "./steps/node-version.mjs";

var refusal = nodeTooOld(process.versions.node);
if (refusal === undefined) {
  // Loaded only now, since it needs the newer Node.
  import("./steps/start-flights.mjs").then((steps) => steps.startFlights(process.argv.slice(2)));
} else {
  console.error(refusal);
  process.exitCode = 1;
}
