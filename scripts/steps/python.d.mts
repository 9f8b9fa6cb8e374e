// The types of python.mjs, for the tests that import it.
export function pythonEnvironment(): { python: string; reason?: undefined } | { python?: undefined; reason: string };
export function runPythonSuite(): { passed: number; failed: number; reason?: string };
export function countTests(xml: string): { passed: number; failed: number };
