// Public API of the package for a project's own tests.
export {
  type FailedEvent,
  type FunctionTest,
  type InputOf,
  type RefusedOutput,
  runFunction,
  testFunction,
} from "./functions/testing/run-function.ts";
