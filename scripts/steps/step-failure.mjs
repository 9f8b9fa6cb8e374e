// The failure of a step: its last lines of output, and a sentence that says what to do.

const LINES_SHOWN = 30;

/** Known causes, by what the tools print about them. */
const causes = [
  {
    sign: /ENOSPC|no space left on device/i,
    advice: "The disk is full. Free some space (packages, build and data need about 2 GB), then run the command again.",
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|ERR_PNPM_META_FETCH_FAIL|network (?:request|timeout)|CERT_|self.signed certificate/i,
    advice:
      "The packages could not be downloaded: the package registry does not answer. Check the network, and the proxy and registry that npm uses (npm config get registry), then run the command again.",
  },
  {
    sign: /ERR_PNPM_OUTDATED_LOCKFILE|frozen-lockfile/i,
    advice: "pnpm-lock.yaml does not fit the package.json files. Run: npx pnpm install, then run the command again.",
  },
  {
    sign: /EACCES|EPERM|EROFS/,
    advice:
      "A file could not be written. Check that this folder belongs to you and is writable, then run the command again.",
  },
];

export class StepFailure extends Error {
  /** `output` is everything the step printed; `advice` is used when no known cause is found in it. */
  constructor(what, output, advice) {
    const lines = output.trimEnd().split("\n");
    const known = causes.find((cause) => cause.sign.test(output));
    super([...lines.slice(-LINES_SHOWN).map((line) => `    ${line}`), "", what, known?.advice ?? advice].join("\n"));
    this.name = "StepFailure";
    // What a reader needs is in the message; where this script noticed it says nothing.
    this.stack = this.message;
  }
}
