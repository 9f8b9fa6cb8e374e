// Names each request: the caller's `x-request-id` when it is harmless, else a new one.
import { randomBytes } from "node:crypto";

const sane = /^[A-Za-z0-9._:-]{1,128}$/;

/** New names are a random prefix for the process and a count, so that they cost no entropy for each request. */
export function createRequestIds(): (sent: string) => string {
  const prefix = randomBytes(6).toString("base64url");
  let count = 0;
  return (sent) => (sent !== "" && sane.test(sent) ? sent : `${prefix}-${(++count).toString(36)}`);
}
