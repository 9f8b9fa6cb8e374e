// Types of redocly.mjs.

/** Standard output of the command; throws with its findings when it fails. */
export function redocly(args: readonly string[]): string;
