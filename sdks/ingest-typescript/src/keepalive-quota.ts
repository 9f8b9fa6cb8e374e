// The bytes that a page may have on the way in keepalive requests: browsers allow 64 KiB together and refuse the rest (Fetch standard).

/** A fifth is left free for other scripts of the page. */
const KEEPALIVE_QUOTA_BYTES = Math.floor(64 * 1024 * 0.8);

export class KeepaliveQuota {
  readonly #limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes = KEEPALIVE_QUOTA_BYTES) {
    this.#limitBytes = limitBytes;
  }

  get freeBytes(): number {
    return this.#limitBytes - this.#usedBytes;
  }

  /** Takes the bytes if they are free; whoever took them gives them back when the request has ended. */
  tryTake(bytes: number): boolean {
    if (bytes > this.freeBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}

/** One quota for the page, however many clients it has. */
export const pageQuota = new KeepaliveQuota();
